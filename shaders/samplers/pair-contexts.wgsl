// Running sums of how often each context came, in place.
//   reads/writes  model[trial]: the last `contexts` words
//   grid          x: 1; y: trial
//   exactness     integers only

@compute @workgroup_size(1)
fn main(@builtin(workgroup_id) group: vec3u) {
  let cells = launch.contexts * launch.tokens;
  let first = group.y * (cells + launch.contexts) + cells;
  var sum = 0u;
  for (var i = 0u; i < launch.contexts; i++) {
    sum += model[first + i];
    model[first + i] = sum;
  }
}
