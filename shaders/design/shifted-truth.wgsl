// Draws a truth that is shifted.
//   formula       w[j] = w0[j] + size deviation[j] z(trial, j)
//   reads         deviations[j] from `deviation_offset`
//   updates       models[trial][j]: w0 at the start of the buffer, w from `offset` on, row length `stride`, zero beyond `columns`
//   grid          x: one invocation per 4 coordinates; y: trial
//   error bound   that of the normals (random/normal.wgsl), relative to size deviation, plus three roundings

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let block = launch.first_group * 64u + id.x;
  if (4u * block >= launch.stride) { return; }
  let z = normals_at(id.y, 0u, block, PURPOSE_TRUTH);
  for (var k = 0u; k < 4u; k++) {
    let column = 4u * block + k;
    var w = 0.0;
    if (column < launch.columns) {
      w = models[id.y * launch.stride + column] + launch.size * deviations[launch.deviation_offset + column] * z[k];
    }
    models[launch.offset + id.y * launch.stride + column] = w;
  }
}
