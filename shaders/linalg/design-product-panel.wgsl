// Matrix times many vectors along some rows of a design, in tiles of TILE_ROWS layers and 4 rows per lane.
//   formula       as design-product.wgsl, whose sums these are, in the same order
//   reads         design[trial][t][i], of `held` rows, row length 4 * stride4; vectors[trial][i] from `vector_offset4` vec4 on;
//                 of the next layer `vector_layer4` vec4 and `product_layer` numbers further
//   updates       products[trial][t], t < rows, from `product_offset`, row length `product_stride`
//   grid          x: workgroups of LANES quads of rows; y: trial; z: TILE_ROWS of `layers` layers
//   error bound   as design-product.wgsl
//   follows       rank-one.wgsl, rows-memory.wgsl, rows-broadcast.wgsl or rows-wide.wgsl

override RUN: u32 = 128u;

var<private> layers: u32;
// The first entry of the first layer's vector, and of each of the lane's rows.
var<private> vector: u32;
var<private> rows: vec4u;

fn source(row: u32, quarter: u32) -> vec4f {
  // Where fewer than TILE_ROWS layers are left the last one stands in for the missing.
  let layer = min(vec4u(4u * quarter) + vec4u(0u, 1u, 2u, 3u), vec4u(layers - 1u));
  let at = vec4u(vector + row) + layer * (4u * launch.vector_layer4);
  return vec4f(vectors[at.x], vectors[at.y], vectors[at.z], vectors[at.w]);
}

fn beside(row: u32) -> vec4f {
  let at = rows + row;
  return vec4f(design[at.x], design[at.y], design[at.z], design[at.w]);
}

@compute @workgroup_size(LANES)
fn main(lane: Lane, @builtin(workgroup_id) group: vec3u) {
  let columns = 4u * launch.stride4;
  layers = launch.layers - TILE_ROWS * group.z;
  vector = 4u * (launch.vector_offset4 + group.y * launch.stride4 + TILE_ROWS * group.z * launch.vector_layer4);
  let first = 4u * ((launch.first_group + group.x) * LANES + lane.index);
  let own = min(vec4u(first) + vec4u(0u, 1u, 2u, 3u), vec4u(launch.rows - 1u));
  rows = columns * (vec4u(group.y * launch.held + launch.first) + own);
  let out = launch.product_offset + TILE_ROWS * group.z * launch.product_layer + group.y * launch.product_stride + first;
  for (var start = 0u; start < columns; start += RUN) {
    clear_tile();
    add_rows(start, min(start + RUN, columns), lane);
    let add = start > 0u || launch.accumulate != 0u;
    for (var q = 0u; q < quads(); q++) {
      let sums = head();
      for (var e = 0u; e < 4u && 4u * q + e < layers; e++) { put(out + (4u * q + e) * launch.product_layer, first, add, sums[e]); }
      advance();
    }
  }
}

fn put(at: u32, first: u32, add: bool, sums: vec4f) {
  for (var r = 0u; r < 4u && first + r < launch.rows; r++) {
    let sum = launch.share * sums[r];
    if (add) { products[at + r] += sum; } else { products[at + r] = sum; }
  }
}
