// Matrix times vector along the rows of a design.
//   formula       out[t] = sum_i X[t][i] v[i]
//   reads         design[trial][t][i] as vec4 over i, t < rows, row length 4 * stride4; vectors[trial][i] from `vector_offset`
//   writes        products[trial][t] from `product_offset`, row length `product_stride`
//   grid          x: one invocation per row; y: trial
//   error bound   |out - exact| <= (stride4 + 4) eps |X| |v|

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let row = launch.first_group * 64u + id.x;
  if (row >= launch.rows) { return; }
  let base = (id.y * launch.rows + row) * launch.stride4;
  let vector = launch.vector_offset4 + id.y * launch.stride4;
  var sum = vec4f(0.0);
  for (var i = 0u; i < launch.stride4; i++) {
    sum += design[base + i] * vectors[vector + i];
  }
  products[launch.product_offset + id.y * launch.product_stride + row] = (sum.x + sum.y) + (sum.z + sum.w);
}
