// Matrix times vector along some rows of a design.
//   formula       out[t] = (accumulate ? out[t] : 0) + share sum_i X[first + t][i] v[i]
//   reads         design[trial][t][i] as vec4 over i, of `held` rows, row length 4 * stride4; vectors[trial][i] from
//                 `vector_offset`; of the next layer `vector_layer4` vec4 and `product_layer` numbers further
//   updates       products[trial][t], t < rows, from `product_offset`, row length `product_stride`
//   grid          x: one invocation per row; y: trial; z: LAYERS of `layers` layers, 1 or 4
//   error bound   |out - exact| <= (128 + stride4/32 + 2) eps |share| |X| |v|, runs as in gram.wgsl

// Of quads.
override RUN: u32 = 32u;
// Four layers read a row once; each is summed as it would be by itself.
override LAYERS: u32 = 1u;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(workgroup_id) group: vec3u) {
  let row = launch.first_group * 64u + id.x;
  if (row >= launch.rows) { return; }
  let base = (group.y * launch.held + launch.first + row) * launch.stride4;
  let vector = launch.vector_offset4 + group.y * launch.stride4;
  if (LAYERS == 1u) {
    let own = vector + group.z * launch.vector_layer4;
    var total = begun(place(row, group.y, group.z));
    for (var start = 0u; start < launch.stride4; start += RUN) {
      var sum = 0.0;
      let end = min(start + RUN, launch.stride4);
      for (var i = start; i < end; i++) { sum = plus(sum, design[base + i], vectors[own + i]); }
      total += launch.share * sum;
    }
    products[place(row, group.y, group.z)] = total;
    return;
  }
  // Where fewer than four are left the last one stands in for the missing.
  let layer = min(vec4u(4u * group.z) + vec4u(0u, 1u, 2u, 3u), vec4u(launch.layers - 1u));
  let at = vec4u(vector) + layer * launch.vector_layer4;
  let out = vec4u(place(row, group.y, 0u)) + layer * launch.product_layer;
  var total = vec4f(begun(out.x), begun(out.y), begun(out.z), begun(out.w));
  for (var start = 0u; start < launch.stride4; start += RUN) {
    var sum = vec4f(0.0);
    let end = min(start + RUN, launch.stride4);
    for (var i = start; i < end; i++) {
      let x = design[base + i];
      sum.x = plus(sum.x, x, vectors[at.x + i]);
      sum.y = plus(sum.y, x, vectors[at.y + i]);
      sum.z = plus(sum.z, x, vectors[at.z + i]);
      sum.w = plus(sum.w, x, vectors[at.w + i]);
    }
    total += launch.share * sum;
  }
  products[out.x] = total.x;
  products[out.y] = total.y;
  products[out.z] = total.z;
  products[out.w] = total.w;
}

// Entry after entry, as design-product-panel.wgsl has to.
fn plus(sum: f32, x: vec4f, v: vec4f) -> f32 {
  return sum + x.x * v.x + x.y * v.y + x.z * v.z + x.w * v.w;
}

fn place(row: u32, trial: u32, layer: u32) -> u32 {
  return launch.product_offset + layer * launch.product_layer + trial * launch.product_stride + row;
}

fn begun(at: u32) -> f32 {
  if (launch.accumulate == 0u) { return 0.0; }
  return products[at];
}
