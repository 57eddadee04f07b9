// Copies the lower triangle of a Gram matrix and adds the penalty to its diagonal.
//   formula       A[i][j] = G[i][j] + penalty [i = j],  j <= i;  rows beyond `order` become rows of the identity
//   reads/writes  gram[trial][i][j], matrix[trial][i][j] as vec4 over j, row length 4 * stride4
//   grid          x: one invocation per (row, 4 columns); y: trial
//   error bound   one rounding on the diagonal

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let item = launch.first_group * 64u + id.x;
  let row = item / launch.stride4;
  let column = item % launch.stride4;
  if (row >= 4u * launch.stride4 || column > row / 4u) { return; }
  let at = id.y * 4u * launch.stride4 * launch.stride4 + item;
  var value = gram[at];
  if (column == row / 4u) {
    value[row % 4u] = select(1.0, value[row % 4u] + launch.penalty, row < launch.order);
  }
  matrix[at] = value;
}
