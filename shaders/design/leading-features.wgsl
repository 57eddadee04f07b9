// The first features of more of them that are held, as a design of their own.
//   formula       Z[t][j] = F[j][t], t < 4 * rows4, j < features; zero from j = features to j = 4 * features4
//   reads         held[trial][j][t], j < held_rows, row length 4 * rows4
//   writes        design[trial][t][j] as vec4 over j, row length 4 * features4, or with TRANSPOSED design[trial][j][t] as vec4 over t
//   grid          x: one invocation per vec4; y: trial
//   error bound   exact

override TRANSPOSED: bool = false;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let item = launch.first_group * 64u + id.x;
  let items = 4u * launch.rows4 * launch.features4;
  if (item >= items) { return; }
  let pitch = 4u * launch.rows4;
  let base = id.y * launch.held_rows * pitch;
  let length = select(launch.features4, launch.rows4, TRANSPOSED);
  let row = item / length;
  let column = 4u * (item % length);
  let j = select(vec4u(column) + vec4u(0u, 1u, 2u, 3u), vec4u(row), TRANSPOSED);
  let t = select(vec4u(row), vec4u(column) + vec4u(0u, 1u, 2u, 3u), TRANSPOSED);
  let at = base + min(j, vec4u(launch.features - 1u)) * pitch + t;
  let values = vec4f(held[at.x], held[at.y], held[at.z], held[at.w]);
  design[id.y * items + item] = select(vec4f(0.0), values, j < vec4u(launch.features));
}
