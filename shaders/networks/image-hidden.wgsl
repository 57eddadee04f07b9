// The hidden layer of networks at images, in tiles of 16 units and 4 images per lane.
//   formula       h[u][c] = max(0, b1[u] + sum_j W1[j][u] x[j][c])
//   reads         weights[trial][network] as in image-start.wgsl, of `held` networks, `apart4` vec4 apart, those from `network` on; by_pixel[trial][j][c] as vec4 over c
//   writes        hidden[trial][network][u][c] as vec4 over c, row length 4 * columns4, u < 4 stride4
//   grid          x: `groups` workgroups of LANES quads of images for units 0 to 15, then for 16 to 31, ...; y: trial; z: network
//   error bound   (inputs + 2) eps (|b1| + |W1|'|x|)
//   follows       rank-one.wgsl, rows-memory.wgsl or rows-broadcast.wgsl

var<private> base: u32;
var<private> units4: u32;
var<private> of_image: u32;

// Units beyond the last one count as zero.
fn source(row: u32, quarter: u32) -> vec4f {
  let unit4 = units4 + quarter;
  let at = base + min(row, launch.inputs - 1u) * launch.stride4 + min(unit4, launch.stride4 - 1u);
  return select(vec4f(0.0), weights[at], row < launch.inputs && unit4 < launch.stride4);
}

fn beside(row: u32) -> vec4f {
  return by_pixel[of_image + min(row, launch.inputs - 1u) * launch.columns4];
}

@compute @workgroup_size(LANES)
fn main(lane: Lane, @builtin(workgroup_id) group: vec3u) {
  let g = launch.first_group + group.x;
  units4 = 4u * (g / launch.groups);
  let wanted = LANES * (g % launch.groups) + lane.index;
  let column = min(wanted, launch.columns4 - 1u);
  let inputs = launch.inputs;
  base = (group.y * launch.held + launch.network + group.z) * launch.apart4;
  of_image = group.y * inputs * launch.most_columns / 4u + column;
  clear_tile();
  add_rows(0u, inputs, lane);
  let out = (group.y * launch.layers + group.z) * launch.stride4 * launch.most_columns + column;
  for (var q = 0u; q < quads(); q++) {
    let unit4 = units4 + q;
    if (wanted < launch.columns4 && unit4 < launch.stride4) {
      let bias = weights[base + inputs * launch.stride4 + unit4];
      let sums = head();
      let at = out + 4u * unit4 * launch.columns4;
      hidden[at] = max(vec4f(0.0), sums[0] + bias.x);
      hidden[at + launch.columns4] = max(vec4f(0.0), sums[1] + bias.y);
      hidden[at + 2u * launch.columns4] = max(vec4f(0.0), sums[2] + bias.z);
      hidden[at + 3u * launch.columns4] = max(vec4f(0.0), sums[3] + bias.w);
    }
    advance();
  }
}
