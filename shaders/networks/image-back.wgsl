// What an error of networks at images of a batch does to their outputs and hidden layers.
//   formula       delta[c][k] = scale (f[c][k] - y[row of c][k]);  back[c][u] = sum_k delta[c][k] W2[u][k] where h[u][c] > 0, else 0
//   reads         columns[trial][c]; labels[trial][network][row][12], row length `most_rows`
//   writes        delta[trial][network][c][12]; back[trial][network][c][u] as vec4 over u; zero for columns without a row
//   grid          four images each lane; trial; network
//   error bound   of delta: that of f and 2 eps |f - y|; of back: 12 eps |W2||delta|
//   follows       image-outputs.wgsl

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) lane: u32, @builtin(workgroup_id) group: vec3u) {
  let column4 = (launch.first_group + group.x) * 64u + lane;
  if (column4 >= launch.columns4) { return; }
  find_outputs(group, column4);
  let slot = group.y * launch.layers + group.z;
  for (var c = 0u; c < 4u; c++) {
    let row = columns[group.y * launch.most_columns + 4u * column4 + c];
    let y = (slot * launch.most_rows + row) * 3u;
    let out = (slot * launch.most_columns + 4u * column4 + c) * 3u;
    for (var k = 0u; k < 3u; k++) {
      var d = vec4f(0.0);
      if (row != NO_ROW) { d = launch.scale * (outputs[3u * c + k] - labels[y + k]); }
      outputs[3u * c + k] = d;
      delta[out + k] = d;
    }
  }
  let at = hidden_base(group) + column4;
  let w = weights_base(group) + second_layer();
  for (var u4 = 0u; u4 < launch.stride4; u4++) {
    var rows = mat4x4f();
    for (var e = 0u; e < 4u; e++) {
      let u = 4u * u4 + e;
      let w0 = weights[w + 3u * u];
      let w1 = weights[w + 3u * u + 1u];
      let w2 = weights[w + 3u * u + 2u];
      let pull = vec4f(
        dot(outputs[0], w0) + dot(outputs[1], w1) + dot(outputs[2], w2),
        dot(outputs[3], w0) + dot(outputs[4], w1) + dot(outputs[5], w2),
        dot(outputs[6], w0) + dot(outputs[7], w1) + dot(outputs[8], w2),
        dot(outputs[9], w0) + dot(outputs[10], w1) + dot(outputs[11], w2),
      );
      rows[e] = select(vec4f(0.0), pull, hidden[at + u * launch.columns4] > vec4f(0.0));
    }
    let turned = transpose(rows);
    for (var c = 0u; c < 4u; c++) {
      back[(slot * launch.most_columns + 4u * column4 + c) * launch.stride4 + u4] = turned[c];
    }
  }
}
