// A step of the biases of the first layer and of the second layer.
//   formula       of b1: sum_c back[c][u];  of W2: sum_c h[u][c] delta[c][k];  of b2: sum_c delta[c][k]
//   reads         hidden, delta, back as in image-back.wgsl, c < 4 columns4
//   updates       b1, W2 and b2 of weights[trial][network] and their moments
//   grid          a row of W2, four of b1 or four of b2 each lane; trial; network
//   error bound   4 columns4 eps times the sum of absolute terms
//   follows       image-update.wgsl

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) lane: u32, @builtin(workgroup_id) group: vec3u) {
  let item = (launch.first_group + group.x) * 64u + lane;
  let units = 4u * launch.stride4;
  let slot = group.y * launch.layers + group.z;
  let second = (launch.inputs + 1u) * launch.stride4;
  let d = slot * launch.most_columns * 3u;
  if (item < units) {
    var g0 = vec4f(0.0);
    var g1 = vec4f(0.0);
    var g2 = vec4f(0.0);
    let at = slot * launch.stride4 * launch.most_columns + item * launch.columns4;
    for (var c4 = 0u; c4 < launch.columns4; c4++) {
      let h = hidden[at + c4];
      for (var e = 0u; e < 4u; e++) {
        let c = d + 3u * (4u * c4 + e);
        g0 += h[e] * delta[c];
        g1 += h[e] * delta[c + 1u];
        g2 += h[e] * delta[c + 2u];
      }
    }
    update(slot, second + 3u * item, g0);
    update(slot, second + 3u * item + 1u, g1);
    update(slot, second + 3u * item + 2u, g2);
  } else if (item < units + launch.stride4) {
    let unit4 = item - units;
    var g = vec4f(0.0);
    for (var c = 0u; c < 4u * launch.columns4; c++) { g += back[(slot * launch.most_columns + c) * launch.stride4 + unit4]; }
    update(slot, launch.inputs * launch.stride4 + unit4, g);
  } else if (item < units + launch.stride4 + 3u) {
    let k = item - units - launch.stride4;
    var g = vec4f(0.0);
    for (var c = 0u; c < 4u * launch.columns4; c++) { g += delta[d + 3u * c + k]; }
    update(slot, second + 3u * units + k, g);
  }
}
