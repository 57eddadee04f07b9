// Weights that networks begin with, the same for all networks side by side, and no moments.
//   formula       uniform in (-1/sqrt(inputs), 1/sqrt(inputs)), inputs of the layer; zero for units beyond the width and outputs beyond ten
//   writes        weights[trial][network]: W1[inputs][4 stride4], b1[4 stride4], W2[4 stride4][12], b2[12] as vec4 over the last;
//                 moments[trial][network][2][weights4] = 0 with ADAM
//   grid          four weights each lane; trial; network
//   exactness     multiples of 2^-23 times the bound: one rounding

override ADAM: bool = false;

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) lane: u32, @builtin(workgroup_id) group: vec3u) {
  let item = (launch.first_group + group.x) * 64u + lane;
  if (item >= launch.weights4) { return; }
  let slot = group.y * launch.layers + group.z;
  let stride4 = launch.stride4;
  let second = (launch.inputs + 1u) * stride4;
  var row = item / stride4;
  var block = item % stride4;
  var end = launch.width;
  var bound = launch.first_bound;
  if (item >= second) {
    row = launch.inputs + 1u + (item - second) / 3u;
    block = (item - second) % 3u;
    bound = launch.second_bound;
    end = select(0u, 10u, row < launch.inputs + 1u + launch.width);
    if (row == launch.inputs + 1u + 4u * stride4) {
      row = 0xffffffffu;
      end = 10u;
    }
  }
  let words = words_at(group.y, row, block, PURPOSE_DESIGN);
  let spread = (vec4f(words >> vec4u(8u)) + 0.5) * 1.1920928955078125e-7 - 1.0;
  let inside = vec4u(4u * block) + vec4u(0u, 1u, 2u, 3u) < vec4u(end);
  weights[slot * launch.weights4 + item] = select(vec4f(0.0), bound * spread, inside);
  if (ADAM) {
    moments[2u * slot * launch.weights4 + item] = vec4f(0.0);
    moments[(2u * slot + 1u) * launch.weights4 + item] = vec4f(0.0);
  }
  if (item == 0u) { scores[2u * slot] = 3.0e38; }
}
