// Krylov sampler, at the start of a solve: three ridge problems on a standard normal design X.
//   formula       (X'X + M L) x = b for b = -M L^(1/2) w0, X'z/||z||, M L h; L = diag(1/s), s the eigenvalues of Sigma. The
//                 whitened error of a fit to labels of w0 + a L^(1/2) h with noise is e_w + noise ||z|| e_z + a e_h, where e_w
//                 and e_z are the first two x and e_h = h - the third
//   reads         vectors[trial][0][j] = L^(1/2) w0, [1][j] = h as vec4 over j, row length 4 * columns4; inverses[j] = 1/s_j, 0
//                 beyond the data; rows[trial][j/4][l] = g_l, of which g_0 = X'z/||z||
//   writes        vectors[trial]: x = 0 in arrays 2 .. 4, r = b in 5 .. 7, p = y in 8 .. 10, y = r / (weight + M L);
//                 states[trial] = (energies r.y, 1 while any system goes on), (0, which go on)
//   grid          x: 1 workgroup; y: trial

const SUMS = 1u;
const ARRAYS = 14u;
const X = 2u;
const R = 5u;
const P = 8u;

@compute @workgroup_size(LANES)
fn main(@builtin(local_invocation_index) lane: u32, @builtin(workgroup_id) group: vec3u) {
  let trial = group.y;
  let base = trial * ARRAYS * launch.columns4;
  var energy = vec3f(0.0);
  for (var s = 0u; s < launch.systems; s++) {
    for (var q = lane; q < launch.columns4; q += LANES) {
      let penalty = launch.penalty * inverses[q];
      let own = vectors[base + select(0u, launch.columns4, s == 2u) + q];
      let noise = rows[(trial * launch.columns4 + q) * launch.capacity];
      let r = select(select(-launch.penalty * own, noise, s == 1u), penalty * own, s == 2u);
      let y = r / (launch.weight + penalty);
      vectors[base + (X + s) * launch.columns4 + q] = vec4f(0.0);
      vectors[base + (R + s) * launch.columns4 + q] = r;
      vectors[base + (P + s) * launch.columns4 + q] = y;
      energy += unit(s) * dot(r, y);
    }
  }
  partial[0][lane] = energy;
  sum_lanes(lane);
  if (lane == 0u) {
    energy = partial[0][0];
    let live = energy > vec3f(0.0);
    states[2u * trial] = vec4f(energy, f32(any(live)));
    states[2u * trial + 1u] = vec4f(0.0, vec3f(live));
  }
}
