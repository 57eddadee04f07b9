// Cholesky of small Gram matrices plus penalty, a matrix for every invocation: blocks of 4 x 4, row after row of them.
//   formula       A = G + penalty I = U'U;  U_pq = U_pp'^-1 (A_pq - sum_{k < p} U_kp' U_kq);  rows of A from `order` on are those of I
//   reads         gram[trial][i][j], j >= i, as vec4 over j, row length 4 * stride4
//   writes        matrix[trial][i][j]: U, same layout; nothing below the blocks of the diagonal
//                 statuses[trial] from `status_offset`: 1 + index of the first pivot that is not positive and finite, or 0
//   grid          x: LANES of `trials` trials each
//   error bound   |A - U'U| <= (order + 4) eps |U|'|U|, entry by entry
// For drivers on processors, which read memory lane by lane: no barrier, no lane idle. A bad pivot as in cholesky-panel.wgsl.

override LANES: u32 = 16u;

var<private> base: u32;
var<private> status: u32;

@compute @workgroup_size(LANES)
fn main(@builtin(local_invocation_index) lane: u32, @builtin(workgroup_id) group: vec3u) {
  let trial = (launch.first_group + group.x) * LANES + lane;
  if (trial >= launch.trials) { return; }
  let quads = (launch.order + 3u) / 4u;
  base = trial * 4u * launch.stride4 * launch.stride4;
  status = launch.status_offset + trial;
  for (var p = 0u; p < quads; p++) {
    let a = penalised(p, given(p, p)) - above(p, p);
    let r0 = root_inverse(a[0].x, 4u * p);
    let u0 = a[0] * r0;
    let a1 = a[1] - u0.y * u0;
    let r1 = root_inverse(a1.y, 4u * p + 1u);
    let u1 = a1 * r1;
    let a2 = a[2] - u0.z * u0 - u1.z * u1;
    let r2 = root_inverse(a2.z, 4u * p + 2u);
    let u2 = a2 * r2;
    let a3 = a[3] - u0.w * u0 - u1.w * u1 - u2.w * u2;
    let r3 = root_inverse(a3.w, 4u * p + 3u);
    keep(p, p, mat4x4f(u0, vec4f(0.0, u1.yzw), vec4f(0.0, 0.0, u2.zw), vec4f(0.0, 0.0, 0.0, a3.w * r3)));
    for (var q = p + 1u; q < quads; q++) {
      let t = given(p, q) - above(p, q);
      let x0 = t[0] * r0;
      let x1 = (t[1] - u0.y * x0) * r1;
      let x2 = (t[2] - u0.z * x0 - u1.z * x1) * r2;
      let x3 = (t[3] - u0.w * x0 - u1.w * x1 - u2.w * x2) * r3;
      keep(p, q, mat4x4f(x0, x1, x2, x3));
    }
  }
}

// Rows 4 p .. 4 p + 3 and columns 4 q .. 4 q + 3 of G, a vec4 for each row.
fn given(p: u32, q: u32) -> mat4x4f {
  let at = base + 4u * p * launch.stride4 + q;
  let pitch = launch.stride4;
  return mat4x4f(gram[at], gram[at + pitch], gram[at + 2u * pitch], gram[at + 3u * pitch]);
}

// What the rows above have of them.
fn above(p: u32, q: u32) -> mat4x4f {
  var sum = mat4x4f();
  for (var k = 0u; k < 4u * p; k++) {
    let row = base + k * launch.stride4;
    let left = matrix[row + p];
    let right = matrix[row + q];
    sum += mat4x4f(left.x * right, left.y * right, left.z * right, left.w * right);
  }
  return sum;
}

// The block with the penalty on the diagonal; rows beyond the order become rows of the identity.
fn penalised(p: u32, block: mat4x4f) -> mat4x4f {
  let live = vec4u(4u * p) + vec4u(0u, 1u, 2u, 3u) < vec4u(launch.order);
  let d = select(vec4f(1.0), vec4f(block[0].x, block[1].y, block[2].z, block[3].w) + launch.penalty, live);
  return mat4x4f(
    vec4f(d.x, block[0].yzw),
    vec4f(block[1].x, d.y, block[1].zw),
    vec4f(block[2].xy, d.z, block[2].w),
    vec4f(block[3].xyz, d.w),
  );
}

fn keep(p: u32, q: u32, rows: mat4x4f) {
  let at = base + 4u * p * launch.stride4 + q;
  let pitch = launch.stride4;
  matrix[at] = rows[0];
  matrix[at + pitch] = rows[1];
  matrix[at + 2u * pitch] = rows[2];
  matrix[at + 3u * pitch] = rows[3];
}

const EPS = 5.9604645e-8;

fn root_inverse(pivot: f32, row: u32) -> f32 {
  if (is_usable(pivot)) { return 1.0 / sqrt(pivot); }
  if (statuses[status] == 0u) { statuses[status] = row + 1u; }
  let rounding = 16.0 * EPS * (gram[base + row * launch.stride4 + row / 4u][row % 4u] + launch.penalty);
  return select(1.0, 1.0 / sqrt(rounding), is_usable(rounding));
}

// On its bits: WGSL may assume that NaN does not occur.
fn is_usable(pivot: f32) -> bool {
  return bitcast<u32>(pivot) - 0x00800000u < 0x7f000000u;
}
