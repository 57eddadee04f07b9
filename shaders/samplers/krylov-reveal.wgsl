// Krylov sampler, step 2 of 3: what the design makes of vectors along its known directions.
//   formula       X'X p = sum_l along_u[l] g_l + sum_i along_v[i] v_i for the p with coefficients c_i along the v_i
//   reads         basis[trial][j/4][i] = v_i and rows[trial][j/4][l] = g_l as vec4 over j, `capacity` numbers i or l;
//                 chis[trial][l]; states[trial] as in krylov-directions.wgsl
//   updates       products[trial][i][l] = v_i.g_l, those with the newest v or g;
//                 coefficients[trial][0][i] = c_i, then along_v; writes [1][l] = along_u; i < count, l <= count = known + systems
//   grid          x: 1 workgroup; y: trial
//   error bound   (d/16 + 4 count) eps times the sum of absolute products
//
// X'X is only ever applied to vectors p in the span of orthonormal v_1, v_2, ..., and X' to orthonormal u_0 = z/||z||, u_1, ...
// that arise from them. Given what is known, X v is fixed along the known u and is chi times a new u beside them; X'u is
// known along the known v and standard normal beside them (Lu, arXiv:2101.07464). With S[i][l] = v_i.g_l that makes
//                 u_l'X v_i = S[i][l] (l < i), chi_i (l = i), 0 (l > i);   X'u_l = g_l + chi_l v_l - sum_{i <= l} S[i][l] v_i

const SUMS = 1u;

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
  let segment = lane / ROWS;
  for (var start = 0u; start <= count; start += ROWS) {
    let l = start + lane % ROWS;
    var sum = vec3f(0.0);
    if (l <= count) {
      for (var q = segment; q < launch.columns4; q += SEGMENTS) {
        let g = rows[(trial * launch.columns4 + q) * capacity + l];
        sum += dots(Trio(g, g, g), newest(trial, q));
      }
    }
    sum = segment_sum(lane, sum);
    if (segment == 0u && l <= count) {
      products[products_base + known * capacity + l] = sum.x;
      products[products_base + (known + 1u) * capacity + l] = sum.y;
      if (launch.systems == 3u) { products[products_base + (known + 2u) * capacity + l] = sum.z; }
    }
  }
  // The older v with the newest g.
  for (var start = 0u; start < known; start += ROWS) {
    let i = start + lane % ROWS;
    var sum = vec3f(0.0);
    if (i < known) {
      for (var q = segment; q < launch.columns4; q += SEGMENTS) {
        let at = (trial * launch.columns4 + q) * capacity;
        let v = basis[at + i];
        let g = at + known + 1u;
        sum += dots(Trio(v, v, v), Trio(rows[g], rows[g + 1u], rows[g + launch.systems - 1u]));
      }
    }
    sum = segment_sum(lane, sum);
    if (segment == 0u && i < known) {
      let out = products_base + i * capacity + known + 1u;
      products[out] = sum.x;
      products[out + 1u] = sum.y;
      if (launch.systems == 3u) { products[out + 2u] = sum.z; }
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
