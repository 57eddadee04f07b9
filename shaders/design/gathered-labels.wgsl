// Labels rows that were chosen from parts of several draws.
//   formula       y[t] = X[t] w + noise g(trial, row of its draw), w, noise and g by the part that row picks[trial][first + t] is of
//   reads         picks as in gathered-design.wgsl; of label l from table[labels + 8 l] on: first row, rows, models by slot and
//                 by distance, noise, unit, generation, rows of the draw that stand before; models[slot][trial][j], row length
//                 `features`, slots `layers` trials apart; design[trial][t][j] of `rows`, row length `stride`, or with TRANSPOSED
//                 design[trial][j][t]
//   writes        labels[trial][t], t < rows, from `offset`, row length `label_stride`, zero from t = rows to t = covered
//   grid          x: one invocation per row; y: trial
//   error bound   |y - exact| <= (columns + 2) eps |X| |w| and that of the normals

override TRANSPOSED: bool = false;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let row = launch.first_group * 64u + id.x;
  let trial = id.y;
  if (row >= launch.covered) { return; }
  var y = 0.0;
  if (row < launch.rows) {
    let pick = picks[trial * launch.chosen + launch.first + row];
    var label = launch.labels;
    for (var l = 1u; l < launch.label_count; l++) {
      if (table[launch.labels + 8u * l] <= pick) { label = launch.labels + 8u * l; }
    }
    let w = (table[label + 2u + launch.apart] * launch.layers + trial) * launch.features;
    let x = select(trial * launch.rows + row, trial * launch.columns, TRANSPOSED) * launch.stride + select(0u, row, TRANSPOSED);
    let step = select(1u, launch.stride, TRANSPOSED);
    for (var j = 0u; j < launch.columns; j++) { y += design[x + j * step] * models[w + j]; }
    let error = pick - table[label] + table[label + 7u];
    let key = vec4u(launch.seed_low, launch.seed_high, table[label + 5u], table[label + 6u]);
    let z = standard_normals(threefry4x32(vec4u(launch.first_trial + trial, error / 4u, 0u, PURPOSE_NOISE), key));
    y += bitcast<f32>(table[label + 4u]) * z[error % 4u];
  }
  labels[launch.offset + trial * launch.label_stride + row] = y;
}
