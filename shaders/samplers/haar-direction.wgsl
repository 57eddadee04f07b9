// One coordinate of a uniformly random unit vector in the complement of a model, and the length of the others.
//   formula       (n, chi_{d-2}) / sqrt(n^2 + chi^2_{d-2})
//   writes        directions[c][trial], c = 0: the coordinate, 1: the rest
//   grid          item: 1; 64 trials per workgroup
//   error bound   relative 1e-6 beside the absolute 2e-6 of the random numbers
// In dimension 1 the complement is empty and the lengths it would turn are zero.

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) lane: u32, @builtin(workgroup_id) group: vec3u) {
  let trial = (launch.first_group + group.x) * 64u + lane;
  if (trial >= launch.trials) { return; }
  let chi = chi_pair_at(trial, 0x80000002u, vec2u(max(launch.columns, 2u) - 2u, 0u)).x;
  let n = normals_at(trial, 0x80000000u, 0u, PURPOSE_REDUCED).y;
  let length = sqrt(n * n + chi * chi);
  directions[trial] = n / length;
  directions[launch.trials + trial] = chi / length;
}
