// Puts solutions beside one another: a column of weights for each, zero beyond the rows it was fitted to.
//   formula       W[s][c] = x_c[s] for s < rows, else 0
//   reads         solutions[c][s] from side `first` on, row length `stride`, c < count
//   writes        weights[s][c] from `offset`, row length `width`, s < items
//   grid          x: one invocation per row s
//   error bound   exact

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let s = launch.first_group * 64u + id.x;
  if (s >= launch.items) { return; }
  for (var c = 0u; c < launch.count; c++) {
    let x = solutions[(launch.first + c) * launch.stride + min(s, launch.rows - 1u)];
    weights[launch.offset + s * launch.width + c] = select(0.0, x, s < launch.rows);
  }
}
