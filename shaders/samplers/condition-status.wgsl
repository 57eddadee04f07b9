// Marks trials whose matrix is too near singular for what single precision draws, whatever the solver does; orders up to 16.
//   formula       status = at least 1 if sum_k a_k (A^-1)_kk >= limit, A = G + penalty I,
//                 a_k = max(A_kk, least, weight scale[k]^2): by what is usual, where the diagonal itself is small by chance
//   reads         gram[trial][i][j] and inverses[trial][c][k], U^-1 transposed, as vec4 over j and k, rows of 16; scale[k]
//   updates       statuses[trial] from `status_offset`
//   grid          x: one invocation per trial, 64 to a workgroup
//   error bound   that of the factor: from 1 / (order eps) on the sum may be anything as large
// Normals are right to 1e-6 absolute, so that a singular value of a design is known to that and no solver can know it better.

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) lane: u32, @builtin(workgroup_id) group: vec3u) {
  let trial = 64u * (launch.first_group + group.x) + lane;
  if (trial >= launch.trials) { return; }
  var total = 0.0;
  for (var k = 0u; k < launch.order; k++) {
    var squares = 0.0;
    for (var c = k; c < launch.order; c++) {
      let entry = inverses[64u * trial + 4u * c + k / 4u][k % 4u];
      squares += entry * entry;
    }
    let diagonal = gram[64u * trial + 4u * k + k / 4u][k % 4u] + launch.penalty;
    let usual = select(0.0, launch.weight * scale[k] * scale[k], launch.weight > 0.0);
    total += max(diagonal, max(launch.least, usual)) * squares;
  }
  let status = launch.status_offset + trial;
  if (!(total < launch.limit)) { statuses[status] = max(statuses[status], 1u); }
}
