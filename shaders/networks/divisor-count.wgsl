// The mean of what lanes have added up.
//   reads         outcomes[trial][layer][2][batch]: of the two the one that is asked for
//   writes        errors[first + layer][trial]
//   grid          a lane for a trial and network
//   error bound   batch eps times the mean of absolute outcomes

@compute @workgroup_size(1)
fn main(@builtin(workgroup_id) group: vec3u) {
  let at = (2u * (group.y * launch.layers + group.z) + launch.which) * launch.batch;
  var sum = 0.0;
  for (var b = 0u; b < launch.batch; b++) { sum += outcomes[at + b]; }
  errors[(launch.first + group.z) * launch.trials + group.y] = sum * launch.share;
}
