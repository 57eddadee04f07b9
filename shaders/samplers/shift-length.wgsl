// Whitened length of the error of a shifted truth.
//   formula       scale * sqrt(sum_j (deviations[j] z_j)^2), z standard normal
//   reads         deviations[j], whitened; columns of them
//   writes        models[slot][trial]
//   grid          item: 1; 64 trials per workgroup
//   error bound   relative columns eps at worst beside the errors of random/normal.wgsl

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) lane: u32, @builtin(workgroup_id) group: vec3u) {
  let trial = (launch.first_group + group.x) * 64u + lane;
  if (trial >= launch.trials) { return; }
  var sum = 0.0;
  for (var block = 0u; 4u * block < launch.columns; block++) {
    let z = normals_at(trial, 0u, block, PURPOSE_REDUCED);
    for (var k = 0u; k < min(4u, launch.columns - 4u * block); k++) {
      let part = deviations[4u * block + k] * z[k];
      sum += part * part;
    }
  }
  models[launch.slot * launch.trials + trial] = launch.scale * sqrt(sum);
}
