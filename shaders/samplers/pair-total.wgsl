// Sum over contexts of what is wrong with a model.
//   reads         parts[trial][context]
//   writes        errors[cell][trial], rows `trials` long
//   grid          x: 1; y: trial
//   error bound   contexts eps relative: the terms are positive

@compute @workgroup_size(1)
fn main(@builtin(workgroup_id) group: vec3u) {
  var sum = 0.0;
  for (var i = 0u; i < launch.contexts; i++) { sum += parts[group.y * launch.contexts + i]; }
  errors[launch.cell * launch.trials + group.y] = sum;
}
