// Matrix times vector along some rows of a design.
//   formula       out[t] = (accumulate ? out[t] : 0) + share sum_i X[first + t][i] v[i]
//   reads         design[trial][t][i] as vec4 over i, of `held` rows, row length 4 * stride4; vectors[trial][i] from
//                 `vector_offset`; of the next layer `vector_layer4` vec4 and `product_layer` numbers further
//   updates       products[trial][t], t < rows, from `product_offset`, row length `product_stride`
//   grid          x: one invocation per row; y: trial; z: LAYERS of `layers` layers, 1 or 4
//   error bound   |out - exact| <= (stride4 + 5) eps |share| |X| |v|

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
    var sum = vec4f(0.0);
    for (var i = 0u; i < launch.stride4; i++) {
      sum += design[base + i] * vectors[own + i];
    }
    put(row, group.y, group.z, sum);
    return;
  }
  // Where fewer than four are left the last one stands in for the missing.
  let layer = min(vec4u(4u * group.z) + vec4u(0u, 1u, 2u, 3u), vec4u(launch.layers - 1u));
  let at = vec4u(vector) + layer * launch.vector_layer4;
  var sum0 = vec4f(0.0);
  var sum1 = vec4f(0.0);
  var sum2 = vec4f(0.0);
  var sum3 = vec4f(0.0);
  for (var i = 0u; i < launch.stride4; i++) {
    let x = design[base + i];
    sum0 += x * vectors[at.x + i];
    sum1 += x * vectors[at.y + i];
    sum2 += x * vectors[at.z + i];
    sum3 += x * vectors[at.w + i];
  }
  put(row, group.y, layer.x, sum0);
  if (layer.y > layer.x) { put(row, group.y, layer.y, sum1); }
  if (layer.z > layer.y) { put(row, group.y, layer.z, sum2); }
  if (layer.w > layer.z) { put(row, group.y, layer.w, sum3); }
}

fn put(row: u32, trial: u32, layer: u32, sum: vec4f) {
  let out = launch.product_offset + layer * launch.product_layer + trial * launch.product_stride + row;
  var before = 0.0;
  if (launch.accumulate != 0u) { before = products[out]; }
  products[out] = before + launch.share * ((sum.x + sum.y) + (sum.z + sum.w));
}
