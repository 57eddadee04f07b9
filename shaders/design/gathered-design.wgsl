// Draws the rows of a design that were chosen from parts of several draws.
//   formula       X[t][j] = scale[j] z(trial, row of its draw, j), row number picks[trial][first + t] of all parts
//   reads         picks[trial][k] of `chosen`; of part p from table[parts + 5 p] on: first row, unit, generation, rows of the draw
//                 that stand before, place of its scale
//   writes        design[trial][t][j], t < rows, of `rows`, row length `stride`, zero beyond the columns; with TRANSPOSED
//                 design[trial][j][t], zero from t = rows to t = stride
//   grid          x: one invocation per (row, 4 columns); y: trial
//   error bound   that of the normals (random/normal.wgsl), relative, plus one rounding

override TRANSPOSED: bool = false;

fn drawn_row(trial: u32, pick: u32, block: u32) -> vec4f {
  var part = launch.parts;
  for (var p = 1u; p < launch.part_count; p++) {
    if (table[launch.parts + 5u * p] <= pick) { part = launch.parts + 5u * p; }
  }
  let row = pick - table[part] + table[part + 3u];
  let key = vec4u(launch.seed_low, launch.seed_high, table[part + 1u], table[part + 2u]);
  let z = standard_normals(threefry4x32(vec4u(launch.first_trial + trial, row, block, PURPOSE_DESIGN), key));
  var x = vec4f(0.0);
  for (var k = 0u; k < 4u; k++) {
    if (4u * block + k < launch.columns) { x[k] = z[k] * scale[table[part + 4u] + 4u * block + k]; }
  }
  return x;
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let item = launch.first_group * 64u + id.x;
  let trial = id.y;
  let blocks = (launch.columns + 3u) / 4u;
  if (TRANSPOSED) {
    let row = item % launch.stride;
    let block = item / launch.stride;
    if (block >= blocks) { return; }
    var x = vec4f(0.0);
    if (row < launch.rows) { x = drawn_row(trial, picks[trial * launch.chosen + launch.first + row], block); }
    for (var k = 0u; k < 4u; k++) {
      let column = 4u * block + k;
      if (column < launch.columns) { design[(trial * launch.columns + column) * launch.stride + row] = x[k]; }
    }
  } else {
    let row = item / (launch.stride / 4u);
    let block = item % (launch.stride / 4u);
    if (row >= launch.rows) { return; }
    var x = vec4f(0.0);
    if (block < blocks) { x = drawn_row(trial, picks[trial * launch.chosen + launch.first + row], block); }
    for (var k = 0u; k < 4u; k++) {
      design[(trial * launch.rows + row) * launch.stride + 4u * block + k] = x[k];
    }
  }
}
