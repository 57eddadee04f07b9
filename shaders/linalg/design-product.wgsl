// Matrix times vector along some rows of a design.
//   formula       out[t] = (accumulate ? out[t] : 0) + share sum_i X[first + t][i] v[i]
//   reads         design[trial][t][i] as vec4 over i, of `held` rows, row length 4 * stride4; vectors[trial][i] from
//                 `vector_offset`; of the next layer `vector_layer4` vec4 and `product_layer` numbers further
//   updates       products[trial][t], t < rows, from `product_offset`, row length `product_stride`
//   grid          x: one invocation per row; y: trial; z: LAYERS of `layers` layers, 1 or 4
//   error bound   |out - exact| <= (128 + stride4/32 + 2) eps |share| |X| |v|, runs as in gram.wgsl
//   follows       quads-memory.wgsl or quads-broadcast.wgsl

// Of quads.
override RUN: u32 = 32u;
// Four layers read a row once; each is summed as it would be by itself.
override LAYERS: u32 = 1u;
// Lanes of a workgroup.
override LANES: u32 = 64u;

alias Quad = vec4f;

var<private> at: vec4u;

// Of each of four layers a quad, or four quads of one.
fn source(quad: u32, k: u32) -> vec4f {
  return vectors[at[k] + quad];
}

@compute @workgroup_size(LANES)
fn main(lane: Lane, @builtin(workgroup_id) group: vec3u) {
  let row = (launch.first_group + group.x) * LANES + lane.index;
  let wanted = row < launch.rows;
  let base = (group.y * launch.held + launch.first + min(row, launch.rows - 1u)) * launch.stride4;
  let vector = launch.vector_offset4 + group.y * launch.stride4;
  if (LAYERS == 1u) {
    at = vec4u(vector + group.z * launch.vector_layer4) + vec4u(0u, 1u, 2u, 3u);
    let out = place(row, group.y, group.z);
    var total = begun(out, wanted);
    for (var start = 0u; start < launch.stride4; start += RUN) {
      var sum = 0.0;
      let end = min(start + RUN, launch.stride4);
      for (var i = start; i < end; i += 4u) {
        let v = four_quads(i, lane);
        sum = plus(sum, design[base + i], v[0]);
        sum = plus(sum, design[base + i + 1u], v[1]);
        sum = plus(sum, design[base + i + 2u], v[2]);
        sum = plus(sum, design[base + i + 3u], v[3]);
      }
      total += launch.share * sum;
    }
    if (wanted) { products[out] = total; }
    return;
  }
  // Where fewer than four are left the last one stands in for the missing.
  let layer = min(vec4u(4u * group.z) + vec4u(0u, 1u, 2u, 3u), vec4u(launch.layers - 1u));
  at = vec4u(vector) + layer * launch.vector_layer4;
  let out = vec4u(place(row, group.y, 0u)) + layer * launch.product_layer;
  var total = vec4f(begun(out.x, wanted), begun(out.y, wanted), begun(out.z, wanted), begun(out.w, wanted));
  for (var start = 0u; start < launch.stride4; start += RUN) {
    var sum = vec4f(0.0);
    let end = min(start + RUN, launch.stride4);
    for (var i = start; i < end; i++) {
      let x = design[base + i];
      let v = four_quads(i, lane);
      sum.x = plus(sum.x, x, v[0]);
      sum.y = plus(sum.y, x, v[1]);
      sum.z = plus(sum.z, x, v[2]);
      sum.w = plus(sum.w, x, v[3]);
    }
    total += launch.share * sum;
  }
  if (wanted) {
    products[out.x] = total.x;
    products[out.y] = total.y;
    products[out.z] = total.z;
    products[out.w] = total.w;
  }
}

// Entry after entry, as design-product-panel.wgsl has to.
fn plus(sum: f32, x: vec4f, v: vec4f) -> f32 {
  return sum + x.x * v.x + x.y * v.y + x.z * v.z + x.w * v.w;
}

fn place(row: u32, trial: u32, layer: u32) -> u32 {
  return launch.product_offset + layer * launch.product_layer + trial * launch.product_stride + row;
}

fn begun(at: u32, wanted: bool) -> f32 {
  if (launch.accumulate == 0u || !wanted) { return 0.0; }
  return products[at];
}
