// Least squares on at least as many rows as features, without the data: the whitened error is multivariate t.
//   formula       w'[j] = w[j] + noise z[j] / (scale[j] chi_{T - d + 1})
//   reads         models[trial][j] as vec4 over j from 4 * model_offset4, row length 4 * stride4; scale[j]
//   writes        estimates[trial][j], same layout, from 4 * estimate_offset4; zero beyond `columns`
//   grid          x: one invocation per 4 columns; y: trial
//   error bound   that of the random numbers, relative, plus 4 eps of the terms

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let block = launch.first_group * 64u + id.x;
  if (block >= launch.stride4) { return; }
  let at = id.y * launch.stride4 + block;
  let z = normals_at(id.y, 0x80000000u, block, PURPOSE_REDUCED);
  let chi = chi_pair_at(id.y, 0x80000000u, vec2u(launch.samples - launch.columns + 1u, 0u)).x;
  var w = models[launch.model_offset4 + at];
  for (var k = 0u; k < 4u; k++) {
    let column = 4u * block + k;
    if (column < launch.columns) { w[k] += launch.noise * z[k] / (chi * scale[column]); }
  }
  estimates[launch.estimate_offset4 + at] = w;
}
