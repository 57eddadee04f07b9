// Draws rows x ~ N(0, diag(scale^2)), times a factor, into their place in a design.
//   formula       X[t][j] = factor scale[j] z(trial, first_row + t, j), without SCALED factor z
//   reads         scale[j] from `scale_offset`
//   writes        design[trial][into + t][j], t < rows, of `held` rows, row length `stride`, zero beyond the columns;
//                 with TRANSPOSED design[trial][j][into + t], zero from t = rows to t = covered
//   grid          x: one invocation per (row, 4 columns); y: trial
//   error bound   that of the normals (random/normal.wgsl), relative, plus two roundings

override TRANSPOSED: bool = false;
override SCALED: bool = true;

fn scaled(z: f32, column: u32) -> f32 {
  if (SCALED) { return z * scale[launch.scale_offset + column] * launch.factor; }
  return z * launch.factor;
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let item = launch.first_group * 64u + id.x;
  let trial = id.y;
  if (TRANSPOSED) {
    // Neighbouring invocations take neighbouring rows, which are contiguous here.
    let row = item % launch.covered;
    let block = item / launch.covered;
    if (block * 4u >= launch.columns) { return; }
    var x = vec4f(0.0);
    if (row < launch.rows) { x = normals_at(trial, launch.first_row + row, block, PURPOSE_DESIGN); }
    for (var k = 0u; k < 4u; k++) {
      let column = 4u * block + k;
      if (column < launch.columns) {
        design[(trial * launch.columns + column) * launch.stride + launch.into + row] = scaled(x[k], column);
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
      if (column < launch.columns) { value = scaled(x[k], column); }
      design[(trial * launch.held + launch.into + row) * launch.stride + column] = value;
    }
  }
}
