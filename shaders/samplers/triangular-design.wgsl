// The triangular factor of a design X = Q R with rows N(0, diag(scale^2)), drawn without X (Bartlett 1933), times a factor.
//   formula       R[t][t] = factor scale[t] chi_{T - t}, R[t][j] = factor scale[j] z for j > t, all independent; R'R has the law of
//                 X'X times factor^2
//   reads         scale[j] from `scale_offset`
//   writes        design[trial][into + t][j] as vec4 over j, t < columns, of `held` rows, row length 4 * stride4; zero below the
//                 diagonal and beyond the data
//   grid          x: one invocation per (row, 4 columns); y: trial
//   error bound   that of random/normal.wgsl and random/chi.wgsl, relative, plus two roundings

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let item = launch.first_group * 64u + id.x;
  let row = item / launch.stride4;
  let block = item % launch.stride4;
  if (row >= launch.columns) { return; }
  var r = vec4f(0.0);
  if (4u * block + 3u >= row && 4u * block < launch.columns) {
    r = normals_at(id.y, row, block, PURPOSE_REDUCED);
    for (var k = 0u; k < 4u; k++) {
      let column = 4u * block + k;
      if (column == row) { r[k] = chi_pair_at(id.y, row, vec2u(launch.samples - row, 0u)).x; }
      if (column < row || column >= launch.columns) {
        r[k] = 0.0;
      } else {
        r[k] *= scale[launch.scale_offset + column] * launch.factor;
      }
    }
  }
  design[(id.y * launch.held + launch.into + row) * launch.stride4 + block] = r;
}
