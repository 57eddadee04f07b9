// The ten outputs of networks at four images each lane, two more being zero.
//   formula       f[k] = b2[k] + sum_u W2[u][k] h[u]
//   reads         weights[trial][network] as in image-start.wgsl, of `held` networks, `apart4` vec4 apart, those from `network` on; hidden[trial][network][u][c] as
//                 vec4 over c, row length 4 * columns4
//   error bound   (width + 1) eps (|b2| + |W2|'|h|)

const NO_ROW = 0xffffffffu;

// f at image 4 column4 + c: three vec4 from outputs[3 c] on.
var<private> outputs: array<vec4f, 12>;

fn hidden_base(group: vec3u) -> u32 {
  return (group.y * launch.layers + group.z) * launch.stride4 * launch.most_columns;
}

fn weights_base(group: vec3u) -> u32 {
  return (group.y * launch.held + launch.network + group.z) * launch.apart4;
}

// W2[0] from the weights of a network on.
fn second_layer() -> u32 {
  return (launch.inputs + 1u) * launch.stride4;
}

fn find_outputs(group: vec3u, column4: u32) {
  let at = hidden_base(group) + column4;
  let w = weights_base(group) + second_layer();
  let units = 4u * launch.stride4;
  let b = w + 3u * units;
  for (var c = 0u; c < 4u; c++) {
    outputs[3u * c] = weights[b];
    outputs[3u * c + 1u] = weights[b + 1u];
    outputs[3u * c + 2u] = weights[b + 2u];
  }
  for (var u = 0u; u < units; u++) {
    let h = hidden[at + u * launch.columns4];
    let w0 = weights[w + 3u * u];
    let w1 = weights[w + 3u * u + 1u];
    let w2 = weights[w + 3u * u + 2u];
    outputs[0] += h.x * w0;
    outputs[1] += h.x * w1;
    outputs[2] += h.x * w2;
    outputs[3] += h.y * w0;
    outputs[4] += h.y * w1;
    outputs[5] += h.y * w2;
    outputs[6] += h.z * w0;
    outputs[7] += h.z * w1;
    outputs[8] += h.z * w2;
    outputs[9] += h.w * w0;
    outputs[10] += h.w * w1;
    outputs[11] += h.w * w2;
  }
}
