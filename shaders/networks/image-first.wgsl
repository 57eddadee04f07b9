// A step of the weights of the first layer, in tiles of 16 pixels and 4 units per lane.
//   formula       g[j][u] = sum_c x[c][j] back[c][u]
//   reads         by_image[trial][c][j] as vec4 over j; back[trial][network][c][u] as vec4 over u; c < 4 columns4
//   updates       W1 of weights[trial][network] and its moments
//   grid          x: `groups` workgroups of LANES quads of units for pixels 0 to 15, then for 16 to 31, ...; y: trial; z: network
//   error bound   of g: 4 columns4 eps |x|'|back|
//   follows       rank-one.wgsl, rows-memory.wgsl or rows-broadcast.wgsl, image-update.wgsl

var<private> base: u32;
var<private> pixels4: u32;
var<private> of_unit: u32;

// Pixels beyond the last one and images beyond the batch count as zero.
fn source(row: u32, quarter: u32) -> vec4f {
  let inputs4 = launch.inputs / 4u;
  let columns = 4u * launch.columns4;
  let pixel4 = pixels4 + quarter;
  let at = base + min(row, columns - 1u) * inputs4 + min(pixel4, inputs4 - 1u);
  return select(vec4f(0.0), by_image[at], row < columns && pixel4 < inputs4);
}

fn beside(row: u32) -> vec4f {
  return back[of_unit + min(row, 4u * launch.columns4 - 1u) * launch.stride4];
}

@compute @workgroup_size(LANES)
fn main(lane: Lane, @builtin(workgroup_id) group: vec3u) {
  let g = launch.first_group + group.x;
  pixels4 = 4u * (g / launch.groups);
  let wanted = LANES * (g % launch.groups) + lane.index;
  let unit4 = min(wanted, launch.stride4 - 1u);
  let columns = 4u * launch.columns4;
  let slot = group.y * launch.layers + group.z;
  base = group.y * launch.most_columns * (launch.inputs / 4u);
  of_unit = slot * launch.most_columns * launch.stride4 + unit4;
  clear_tile();
  add_rows(0u, columns, lane);
  for (var q = 0u; q < quads(); q++) {
    let pixel = 4u * (pixels4 + q);
    if (wanted < launch.stride4 && pixel < launch.inputs) {
      let sums = head();
      for (var e = 0u; e < 4u; e++) { update(slot, (pixel + e) * launch.stride4 + unit4, sums[e]); }
    }
    advance();
  }
}
