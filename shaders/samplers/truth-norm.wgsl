// Length of true coefficients that are Gaussian.
//   formula       ||w0|| = size * chi_d
//   writes        norms[trial]
//   grid          item: 1; 64 trials per workgroup
//   error bound   that of random/chi.wgsl plus one rounding

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) lane: u32, @builtin(workgroup_id) group: vec3u) {
  let trial = (launch.first_group + group.x) * 64u + lane;
  if (trial >= launch.trials) { return; }
  norms[trial] = launch.size * chi_pair_at(trial, 0u, vec2u(launch.columns, 0u)).x;
}
