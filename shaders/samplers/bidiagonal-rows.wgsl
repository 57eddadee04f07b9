// Bidiagonal form of an isotropic design, started at the labelling model, and the label noise in its coordinates.
//   formula       X = U B V', V e_1 = w/||w||: B[i][i] = chi_{T - i}, B[i][i + 1] = chi_{d - 1 - i}, independent,
//                 U'g = z standard normal; i = 0 .. min(T, d) - 1
//                 (Golub-Kahan on Gaussian matrices: Dumitriu and Edelman, arXiv:math-ph/0206043)
//   writes        rows[i][c][trial], c = 0: B[i][i], 1: B[i][i + 1] (0 beyond the last column), 2: z[i]
//   grid          item: 4 rows; 64 trials per workgroup
//   error bound   that of random/chi.wgsl and random/normal.wgsl

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) lane: u32, @builtin(workgroup_id) group: vec3u) {
  let g = launch.first_group + group.x;
  let trial = (g / launch.items) * 64u + lane;
  let block = g % launch.items;
  if (trial >= launch.trials) { return; }
  let z = normals_at(trial, block, 0u, PURPOSE_REDUCED);
  for (var k = 0u; k < 4u; k++) {
    let i = 4u * block + k;
    if (i >= min(launch.samples, launch.columns)) { return; }
    let chi = chi_pair_at(trial, i, vec2u(launch.samples - i, launch.columns - 1u - i));
    let out = 3u * i * launch.trials + trial;
    rows[out] = chi.x;
    rows[out + launch.trials] = chi.y;
    rows[out + 2u * launch.trials] = z[k];
  }
}
