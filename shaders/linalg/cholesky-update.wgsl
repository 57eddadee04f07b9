// Left-looking Cholesky, step 1 of 3 for a panel of 16 columns: subtract what the columns to the left contribute.
//   formula       A[i][c] -= sum_{k < panel} L[i][k] L[c][k],  c = panel .. panel + 15, i >= panel
//   updates       matrix[trial][i][k] as vec4 over k, row length 4 * stride4
//   grid          x: one invocation per 4 x 4 tile of the panel; y: trial
//   error bound   (panel/4 + 4) eps |L||L|' per entry

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let item = launch.first_group * 64u + id.x;
  let stride = launch.stride4;
  let panel = launch.panel4;
  let quad = item % 4u;
  let row = 4u * panel + 4u * (item / 4u);
  if (row >= 4u * stride || panel + quad > row / 4u) { return; }
  let base = id.y * 4u * stride * stride;
  let a = base + row * stride;
  let b = base + 4u * (panel + quad) * stride;
  var s00 = vec4f(0.0); var s01 = vec4f(0.0); var s02 = vec4f(0.0); var s03 = vec4f(0.0);
  var s10 = vec4f(0.0); var s11 = vec4f(0.0); var s12 = vec4f(0.0); var s13 = vec4f(0.0);
  var s20 = vec4f(0.0); var s21 = vec4f(0.0); var s22 = vec4f(0.0); var s23 = vec4f(0.0);
  var s30 = vec4f(0.0); var s31 = vec4f(0.0); var s32 = vec4f(0.0); var s33 = vec4f(0.0);
  for (var k = 0u; k < panel; k++) {
    let b0 = matrix[b + k];
    let b1 = matrix[b + stride + k];
    let b2 = matrix[b + 2u * stride + k];
    let b3 = matrix[b + 3u * stride + k];
    let a0 = matrix[a + k];
    s00 += a0 * b0; s01 += a0 * b1; s02 += a0 * b2; s03 += a0 * b3;
    let a1 = matrix[a + stride + k];
    s10 += a1 * b0; s11 += a1 * b1; s12 += a1 * b2; s13 += a1 * b3;
    let a2 = matrix[a + 2u * stride + k];
    s20 += a2 * b0; s21 += a2 * b1; s22 += a2 * b2; s23 += a2 * b3;
    let a3 = matrix[a + 3u * stride + k];
    s30 += a3 * b0; s31 += a3 * b1; s32 += a3 * b2; s33 += a3 * b3;
  }
  let out = a + panel + quad;
  matrix[out] -= vec4f(total(s00), total(s01), total(s02), total(s03));
  matrix[out + stride] -= vec4f(total(s10), total(s11), total(s12), total(s13));
  matrix[out + 2u * stride] -= vec4f(total(s20), total(s21), total(s22), total(s23));
  matrix[out + 3u * stride] -= vec4f(total(s30), total(s31), total(s32), total(s33));
}

fn total(v: vec4f) -> f32 {
  return (v.x + v.y) + (v.z + v.w);
}
