// The Gram matrix of the first rows of more of them whose Gram matrix is held.
//   formula       G[i][j] = W[i][j],  i, j < rows;  zero beyond, up to the padded order
//   reads         whole[trial][i][j] as vec4 over j, row length 4 * whole4
//   writes        gram[trial][i][j] as vec4 over j, row length 4 * stride4
//   grid          x: one invocation per vec4; y: trial
//   error bound   exact

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let item = launch.first_group * 64u + id.x;
  let items = 4u * launch.stride4 * launch.stride4;
  if (item >= items) { return; }
  let row = item / launch.stride4;
  let quad = item % launch.stride4;
  let wanted = (vec4u(4u * quad) + vec4u(0u, 1u, 2u, 3u) < vec4u(launch.rows)) & vec4<bool>(row < launch.rows);
  let at = id.y * 4u * launch.whole4 * launch.whole4 + row * launch.whole4 + quad;
  gram[id.y * items + item] = select(vec4f(0.0), whole[at], wanted);
}
