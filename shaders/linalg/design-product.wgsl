// Matrix times vector along some rows of a design.
//   formula       out[t] = (accumulate ? out[t] : 0) + share sum_i X[first + t][i] v[i]
//   reads         design[trial][t][i] as vec4 over i, of `held` rows, row length 4 * stride4; vectors[trial][i] from
//                 `vector_offset`; of the next layer `vector_layer4` vec4 and `product_layer` numbers further
//   updates       products[trial][t], t < rows, from `product_offset`, row length `product_stride`
//   grid          x: one invocation per row; y: trial; z: layer
//   error bound   |out - exact| <= (stride4 + 5) eps |share| |X| |v|

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let row = launch.first_group * 64u + id.x;
  if (row >= launch.rows) { return; }
  let base = (id.y * launch.held + launch.first + row) * launch.stride4;
  let vector = launch.vector_offset4 + id.z * launch.vector_layer4 + id.y * launch.stride4;
  var sum = vec4f(0.0);
  for (var i = 0u; i < launch.stride4; i++) {
    sum += design[base + i] * vectors[vector + i];
  }
  let out = launch.product_offset + id.z * launch.product_layer + id.y * launch.product_stride + row;
  var before = 0.0;
  if (launch.accumulate != 0u) { before = products[out]; }
  products[out] = before + launch.share * ((sum.x + sum.y) + (sum.z + sum.w));
}
