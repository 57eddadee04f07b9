// Krylov sampler, step 2 of 3: what the design makes of vectors along its known directions.
//   formula       X'X p = sum_l along_u[l] g_l + sum_i along_v[i] v_i for the p with coefficients c_i along the v_i
//   reads         basis[trial][j/4][i] = v_i and rows[trial][j/4][l] = g_l as vec4 over j, `capacity` numbers i or l;
//                 chis[trial][l]; states[trial] as in krylov-directions.wgsl
//   updates       products[trial][i][l] = v_i.g_l: adds those of the newest v, i >= known;
//                 coefficients[trial][0][i] = c_i, then along_v; writes [1][l] = along_u; i < count, l <= count = known + systems
//   grid          x: 1 workgroup; y: trial
//   error bound   (d/16 + 4 count) eps times the sum of absolute products
//
// X'X is only ever applied to vectors p in the span of orthonormal v_1, v_2, ..., and X' to orthonormal u_0 = z/||z||, u_1, ...
// that arise from them. Given what is known, X v is fixed along the known u and is chi times a new u beside them; X'u is
// known along the known v and standard normal beside them (Lu, arXiv:2101.07464). With S[i][l] = v_i.g_l that makes
//                 u_l'X v_i = S[i][l] (l < i), chi_i (l = i), 0 (l > i);   X'u_l = g_l + chi_l v_l - sum_{i <= l} S[i][l] v_i

const SUMS = 4u;

@compute @workgroup_size(LANES)
fn main(@builtin(local_invocation_index) lane: u32, @builtin(workgroup_id) group: vec3u) {
  let trial = group.y;
  let known = launch.known;
  let capacity = launch.capacity;
  let count = known + launch.systems;
  let products_base = trial * capacity * capacity;
  let along_v = 2u * trial * capacity;
  let along_u = along_v + capacity;
  if (lane == 0u) { flag = u32(states[2u * trial].w > 0.0); }
  if (workgroupUniformLoad(&flag) == 0u) { return; }

  // The newest v with all g.
  for (var start = 0u; start <= count; start += ROWS) {
    let row = start + first_row(lane);
    var sums = Four();
    if (row <= count) {
      for (var q = lane % SEGMENTS; q < launch.columns4; q += SEGMENTS) {
        let w = newest(trial, q);
        let at = (trial * launch.columns4 + q) * capacity + row;
        sums = Four(
          with_row(sums.a, rows[at], w),
          with_row(sums.b, rows[at + 1u], w),
          with_row(sums.c, rows[at + 2u], w),
          with_row(sums.d, rows[at + 3u], w),
        );
      }
    }
    let sum = row_sum(lane, sums);
    let l = start + lane;
    if (lane < ROWS && l <= count) {
      products[products_base + known * capacity + l] = sum.x;
      products[products_base + (known + 1u) * capacity + l] = sum.y;
      if (launch.systems == 3u) { products[products_base + (known + 2u) * capacity + l] = sum.z; }
    }
  }
  storageBarrier();
  workgroupBarrier();

  for (var l = lane; l <= count; l += LANES) {
    var sum = vec4f(0.0);
    for (var i = l; i < count; i++) { sum += products[products_base + i * capacity + l] * coefficients[along_v + i]; }
    if (l > 0u) { sum += chis[trial * capacity + l] * coefficients[along_v + l - 1u]; }
    coefficients[along_u + l] = sum;
  }
  storageBarrier();
  workgroupBarrier();
  for (var i = lane; i < count; i += LANES) {
    var sum = chis[trial * capacity + i + 1u] * coefficients[along_u + i + 1u];
    for (var l = i + 1u; l <= count; l++) {
      sum -= products[products_base + i * capacity + l] * coefficients[along_u + l];
    }
    coefficients[along_v + i] = sum;
  }
}
