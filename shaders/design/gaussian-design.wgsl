// Draws a block of rows x ~ N(0, diag(scale^2)).
//   formula       X[t][j] = scale[j] * z(trial, first_row + t, j)
//   writes        design[trial][t][j], t < rows, row length `stride`; with TRANSPOSED design[trial][j][t]
//                 columns beyond the data are zero
//   grid          x: one invocation per (row, 4 columns); y: trial
//   error bound   that of the normals (random/normal.wgsl), relative, plus one rounding

override TRANSPOSED: bool = false;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let item = launch.first_group * 64u + id.x;
  let trial = id.y;
  if (TRANSPOSED) {
    // Neighbouring invocations take neighbouring rows, which are contiguous here.
    let row = item % launch.stride;
    let block = item / launch.stride;
    if (block * 4u >= launch.columns) { return; }
    var x = vec4f(0.0);
    if (row < launch.rows) { x = normals_at(trial, launch.first_row + row, block, PURPOSE_DESIGN); }
    for (var k = 0u; k < 4u; k++) {
      let column = 4u * block + k;
      if (column < launch.columns) {
        design[(trial * launch.columns + column) * launch.stride + row] = x[k] * scale[column];
      }
    }
  } else {
    let blocks = launch.stride / 4u;
    let row = item / blocks;
    let block = item % blocks;
    if (row >= launch.rows) { return; }
    var x = vec4f(0.0);
    if (block * 4u < launch.columns) { x = normals_at(trial, launch.first_row + row, block, PURPOSE_DESIGN); }
    for (var k = 0u; k < 4u; k++) {
      let column = 4u * block + k;
      var value = 0.0;
      if (column < launch.columns) { value = x[k] * scale[column]; }
      design[(trial * launch.rows + row) * launch.stride + column] = value;
    }
  }
}
