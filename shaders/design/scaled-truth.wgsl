// Scales the truth by coordinate.
//   formula       w[j] = factor[j] w0[j]
//   reads         factors[j] from `factor_offset`
//   updates       models[trial][j]: w0 at the start of the buffer, w from `offset` on, row length `stride`, zero beyond `columns`
//   grid          x: one invocation per coordinate; y: trial
//   error bound   one rounding

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let column = launch.first_group * 64u + id.x;
  if (column >= launch.stride) { return; }
  var w = 0.0;
  if (column < launch.columns) {
    w = factors[launch.factor_offset + column] * models[id.y * launch.stride + column];
  }
  models[launch.offset + id.y * launch.stride + column] = w;
}
