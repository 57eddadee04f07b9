// Test error of a ridge fit from the responses to its three sources: truth, label noise, deviation of the labelling model.
//   formula       E = ||e_w + noise e_z + a e_h||^2, +-a^2 = variances[labels]
//   reads         responses[ridge][k][trial], k: e_w.e_w, e_z.e_z, e_h.e_h, e_w.e_z, e_w.e_h, e_z.e_h; variances[slot][trial]
//   writes        errors[trial] from error_offset + error_step * ridge
//   grid          item: ridge; 64 trials per workgroup
//   error bound   8 eps (||e_w|| + noise ||e_z|| + a ||e_h||)^2

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) lane: u32, @builtin(workgroup_id) group: vec3u) {
  let g = launch.first_group + group.x;
  let trial = (g / launch.items) * 64u + lane;
  let ridge = g % launch.items;
  if (trial >= launch.trials) { return; }
  let at = 6u * ridge * launch.trials + trial;
  let step = launch.trials;
  let variance = variances[launch.labels * step + trial];
  let a = sign(variance) * sqrt(abs(variance));
  let s = launch.noise;
  let squares = responses[at] + s * s * responses[at + step] + a * a * responses[at + 2u * step];
  let products = s * responses[at + 3u * step] + a * (responses[at + 4u * step] + s * responses[at + 5u * step]);
  errors[launch.error_offset + launch.error_step * ridge + trial] = max(0.0, squares + 2.0 * products);
}
