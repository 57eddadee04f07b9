// Adds label noise.
//   formula       y[t] += noise * z(trial, first_row + t)
//   updates       labels[trial][t], t < rows, row length `stride`, starting at `offset`, of the next layer `layer` numbers further
//   grid          x: one invocation per 4 rows that share a random block; y: trial; z: layer, all with the same noise
// Random blocks begin at rows that are multiples of 4: with a `first_row` that is none there is one block more.

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let block = launch.first_row / 4u + launch.first_group * 64u + id.x;
  let trial = id.y;
  let end = launch.first_row + launch.rows;
  if (block * 4u >= end) { return; }
  let z = normals_at(trial, block, 0u, PURPOSE_NOISE);
  for (var k = 0u; k < 4u; k++) {
    let row = 4u * block + k;
    if (row >= launch.first_row && row < end) {
      labels[launch.offset + id.z * launch.layer + trial * launch.stride + row - launch.first_row] += launch.noise * z[k];
    }
  }
}
