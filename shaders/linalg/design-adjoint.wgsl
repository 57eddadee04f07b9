// Transposed matrix times vector, for some columns.
//   formula       out[i] = (accumulate ? out[i] : 0) + share sum_t X[t][i] v[t],  first <= i < end
//   reads         design[trial][t][i] as vec4 over i, t < rows, row length 4 * stride4; vectors[trial][t] from `vector_offset`,
//                 row length `vector_stride`; of the next layer `vector_layer` numbers and `product_layer4` vec4 further
//   updates       products[trial][i] as vec4 over i from 4 * product_offset4, row length 4 * stride4
//   grid          x: one invocation per 4 columns from those of `first` on; y: trial; z: layer
//   error bound   |out - exact| <= (128 + rows/128 + 3) eps |share| |X|' |v|, runs as in gram.wgsl

override RUN: u32 = 128u;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let column = launch.first / 4u + launch.first_group * 64u + id.x;
  if (column >= launch.stride4 || 4u * column >= launch.end) { return; }
  let base = id.y * launch.rows * launch.stride4 + column;
  let vector = launch.vector_offset + id.z * launch.vector_layer + id.y * launch.vector_stride;
  let out = launch.product_offset4 + id.z * launch.product_layer4 + id.y * launch.stride4 + column;
  let before = products[out];
  var total = vec4f(0.0);
  if (launch.accumulate != 0u) { total = before; }
  for (var start = 0u; start < launch.rows; start += RUN) {
    var sum = vec4f(0.0);
    let end = min(start + RUN, launch.rows);
    for (var t = start; t < end; t++) {
      sum += vectors[vector + t] * design[base + t * launch.stride4];
    }
    total += launch.share * sum;
  }
  let i = vec4u(4u * column) + vec4u(0u, 1u, 2u, 3u);
  products[out] = select(before, total, (i >= vec4u(launch.first)) & (i < vec4u(launch.end)));
}
