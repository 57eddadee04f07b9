// Transposed matrix times vector, for some columns.
//   formula       out[i] = (accumulate ? out[i] : 0) + share sum_t X[t][i] v[t],  first <= i < end
//   reads         design[trial][t][i] as vec4 over i, t < rows, row length 4 * stride4; vectors[trial][t] from `vector_offset`,
//                 row length `vector_stride`; of the next layer `vector_layer` numbers and `product_layer4` vec4 further
//   updates       products[trial][i] as vec4 over i from 4 * product_offset4, row length 4 * stride4
//   grid          x: one invocation per 4 columns from those of `first` on; y: trial; z: LAYERS of `layers` layers, 1 or 4
//   error bound   |out - exact| <= (128 + rows/128 + 3) eps |share| |X|' |v|, runs as in gram.wgsl
//   follows       quads-memory.wgsl or quads-broadcast.wgsl

override RUN: u32 = 128u;
// Four layers read a column once; each is summed as it would be by itself.
override LAYERS: u32 = 1u;
// Lanes of a workgroup.
override LANES: u32 = 64u;

alias Quad = vec4f;

var<private> at: vec4u;

// Four numbers of each of four layers; beyond the last one it stands in.
fn source(t: u32, k: u32) -> vec4f {
  let row = vec4u(at[k]) + min(vec4u(t) + vec4u(0u, 1u, 2u, 3u), vec4u(launch.rows - 1u));
  return vec4f(vectors[row.x], vectors[row.y], vectors[row.z], vectors[row.w]);
}

@compute @workgroup_size(LANES)
fn main(lane: Lane, @builtin(workgroup_id) group: vec3u) {
  let wanted = launch.first / 4u + (launch.first_group + group.x) * LANES + lane.index;
  let column = min(wanted, launch.stride4 - 1u);
  let live = wanted == column;
  let base = group.y * launch.rows * launch.stride4 + column;
  let vector = launch.vector_offset + group.y * launch.vector_stride;
  if (LAYERS == 1u) {
    let own = vector + group.z * launch.vector_layer;
    var total = begun(column, group.y, group.z);
    for (var start = 0u; start < launch.rows; start += RUN) {
      var sum = vec4f(0.0);
      let end = min(start + RUN, launch.rows);
      for (var t = start; t < end; t++) {
        sum += vectors[own + t] * design[base + t * launch.stride4];
      }
      total += launch.share * sum;
    }
    if (live) { put(column, group.y, group.z, total); }
    return;
  }
  // Where fewer than four are left the last one stands in for the missing.
  let layer = min(vec4u(4u * group.z) + vec4u(0u, 1u, 2u, 3u), vec4u(launch.layers - 1u));
  at = vec4u(vector) + layer * launch.vector_layer;
  var total0 = begun(column, group.y, layer.x);
  var total1 = begun(column, group.y, layer.y);
  var total2 = begun(column, group.y, layer.z);
  var total3 = begun(column, group.y, layer.w);
  for (var start = 0u; start < launch.rows; start += RUN) {
    var sum0 = vec4f(0.0);
    var sum1 = vec4f(0.0);
    var sum2 = vec4f(0.0);
    var sum3 = vec4f(0.0);
    let end = min(start + RUN, launch.rows);
    for (var first = start; first < end; first += 4u) {
      // Column k, entry l: row k of layer l.
      let quads = four_quads(first, lane);
      let v = transpose(mat4x4f(quads[0], quads[1], quads[2], quads[3]));
      for (var k = 0u; k < min(4u, end - first); k++) {
        let x = design[base + (first + k) * launch.stride4];
        let row = v[k];
        sum0 += row.x * x;
        sum1 += row.y * x;
        sum2 += row.z * x;
        sum3 += row.w * x;
      }
    }
    total0 += launch.share * sum0;
    total1 += launch.share * sum1;
    total2 += launch.share * sum2;
    total3 += launch.share * sum3;
  }
  if (!live) { return; }
  put(column, group.y, layer.x, total0);
  if (layer.y > layer.x) { put(column, group.y, layer.y, total1); }
  if (layer.z > layer.y) { put(column, group.y, layer.z, total2); }
  if (layer.w > layer.z) { put(column, group.y, layer.w, total3); }
}

fn place(column: u32, trial: u32, layer: u32) -> u32 {
  return launch.product_offset4 + layer * launch.product_layer4 + trial * launch.stride4 + column;
}

fn begun(column: u32, trial: u32, layer: u32) -> vec4f {
  if (launch.accumulate == 0u) { return vec4f(0.0); }
  return products[place(column, trial, layer)];
}

fn put(column: u32, trial: u32, layer: u32, total: vec4f) {
  let out = place(column, trial, layer);
  let i = vec4u(4u * column) + vec4u(0u, 1u, 2u, 3u);
  products[out] = select(products[out], total, (i >= vec4u(launch.first)) & (i < vec4u(launch.end)));
}
