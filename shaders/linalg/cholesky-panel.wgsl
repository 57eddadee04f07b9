// Left-looking Cholesky, step 3 of 3: divide the rows below the diagonal block by its factor.
//   formula       L[i][p + c] = sum_{k <= c} A[i][p + k] inverse[c][k],  i >= p + 16
//   updates       matrix[trial][i][j] as vec4 over j, row length 4 * stride4
//   reads         inverses[trial][panel / 16][c][k] as vec4 over k
//   grid          x: one invocation per row; y: trial
//   error bound   20 eps |A||inverse|' per entry

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let row = 4u * launch.panel4 + 16u + launch.first_group * 64u + id.x;
  let stride = launch.stride4;
  if (row >= 4u * stride) { return; }
  let at = (id.y * 4u * stride + row) * stride + launch.panel4;
  let a0 = matrix[at];
  let a1 = matrix[at + 1u];
  let a2 = matrix[at + 2u];
  let a3 = matrix[at + 3u];
  var inv = (id.y * 4u * stride + 4u * launch.panel4) * 4u;
  for (var q = 0u; q < 4u; q++) {
    var l = vec4f(0.0);
    for (var c = 0u; c < 4u; c++) {
      l[c] = dot(a0, inverses[inv]) + dot(a1, inverses[inv + 1u]) + (dot(a2, inverses[inv + 2u]) + dot(a3, inverses[inv + 3u]));
      inv += 4u;
    }
    matrix[at + q] = l;
  }
}
