// Transposed matrix times many vectors, for some columns, in tiles of TILE_ROWS layers and 4 columns per lane.
//   formula       as design-adjoint.wgsl, whose sums these are, in the same order
//   reads         as design-adjoint.wgsl
//   updates       as design-adjoint.wgsl
//   grid          x: workgroups of LANES quads of columns from those of `first` on; y: trial; z: TILE_ROWS of `layers` layers
//   error bound   as design-adjoint.wgsl
//   follows       rank-one.wgsl, rows-memory.wgsl, rows-broadcast.wgsl or rows-wide.wgsl

override RUN: u32 = 128u;

var<private> layers: u32;
var<private> vector: u32;
var<private> base: u32;

// Rows beyond the last one count as zero.
fn source(row: u32, quarter: u32) -> vec4f {
  // Where fewer than TILE_ROWS layers are left the last one stands in for the missing.
  let layer = min(vec4u(4u * quarter) + vec4u(0u, 1u, 2u, 3u), vec4u(layers - 1u));
  let at = vec4u(vector + min(row, launch.rows - 1u)) + layer * launch.vector_layer;
  return select(vec4f(0.0), vec4f(vectors[at.x], vectors[at.y], vectors[at.z], vectors[at.w]), row < launch.rows);
}

fn beside(row: u32) -> vec4f {
  return design[base + min(row, launch.rows - 1u) * launch.stride4];
}

@compute @workgroup_size(LANES)
fn main(lane: Lane, @builtin(workgroup_id) group: vec3u) {
  layers = launch.layers - TILE_ROWS * group.z;
  vector = launch.vector_offset + group.y * launch.vector_stride + TILE_ROWS * group.z * launch.vector_layer;
  let wanted = launch.first / 4u + (launch.first_group + group.x) * LANES + lane.index;
  let column = min(wanted, launch.stride4 - 1u);
  base = group.y * launch.rows * launch.stride4 + column;
  let out = launch.product_offset4 + TILE_ROWS * group.z * launch.product_layer4 + group.y * launch.stride4 + column;
  let i = vec4u(4u * wanted) + vec4u(0u, 1u, 2u, 3u);
  let live = (i >= vec4u(launch.first)) & (i < vec4u(min(launch.end, 4u * launch.stride4)));
  for (var start = 0u; start < launch.rows; start += RUN) {
    clear_tile();
    add_rows(start, min(start + RUN, launch.rows), lane);
    let add = start > 0u || launch.accumulate != 0u;
    for (var q = 0u; q < quads(); q++) {
      let sums = head();
      for (var e = 0u; e < 4u && 4u * q + e < layers; e++) {
        put(out + (4u * q + e) * launch.product_layer4, live, add, sums[e]);
      }
      advance();
    }
  }
}

fn put(at: u32, live: vec4<bool>, add: bool, sums: vec4f) {
  if (!any(live)) { return; }
  let before = products[at];
  let total = launch.share * sums + select(vec4f(0.0), before, vec4<bool>(add));
  products[at] = select(before, total, live);
}
