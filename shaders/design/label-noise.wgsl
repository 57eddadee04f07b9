// Adds label noise.
//   formula       y[t] += noise * z(trial, first_row + t)
//   updates       labels[trial][t], t < rows, row length `stride`, starting at `offset`
//   grid          x: one invocation per 4 rows; y: trial
// `first_row` is a multiple of 4, so that four neighbouring rows share one random block.

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let block = launch.first_group * 64u + id.x;
  let trial = id.y;
  if (block * 4u >= launch.rows) { return; }
  let z = normals_at(trial, launch.first_row / 4u + block, 0u, PURPOSE_NOISE);
  for (var k = 0u; k < 4u; k++) {
    let row = 4u * block + k;
    if (row < launch.rows) {
      labels[launch.offset + trial * launch.stride + row] += launch.noise * z[k];
    }
  }
}
