// Which tokens an associative memory labels wrongly, and their mass.
//   formula       f(i) = argmax_y sum_z a_z <u_z, u_y>, a_z = sum_{k labelled z} q_k <e_i, e_k>, token k labelled k mod labels, q_k the
//                 count of k or, where SEEN, whether it was seen; the first of equal labels
//   reads         counts[trial][token]; tokens[trial][k][i] and labels[trial][z][y], inner products times d; masses as in
//                 token-masses.wgsl
//   writes        sums[(cell * 4 + limb) * trials + trial]: the four 12-bit limbs of the mass of wrong tokens, added to what is there
//   grid          x: 64 tokens; y: trial
//   exactness     integers only. a < 2^31 is cut at bit 13, so that both parts of the sum, times d <u, u>, fit into a word

override SEEN: bool = false;

const MOST_LABELS = 64u;
const SPLIT = 13u;

var<workgroup> wrong: array<atomic<u32>, 4>;

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) lane: u32, @builtin(workgroup_id) group: vec3u) {
  let trial = group.y;
  let token = (launch.first_group + group.x) * 64u + lane;
  if (lane < 4u) { atomicStore(&wrong[lane], 0u); }
  workgroupBarrier();
  if (token < launch.tokens) {
    var associations: array<i32, MOST_LABELS>;
    for (var z = 0u; z < launch.labels; z++) {
      var sum = 0i;
      for (var k = z; k < launch.tokens; k += launch.labels) {
        let count = counts[trial * launch.tokens + k];
        if (count == 0u) { continue; }
        let product = bitcast<i32>(tokens[(trial * launch.tokens + k) * launch.tokens + token]);
        sum += select(i32(count), 1i, SEEN) * product;
      }
      associations[z] = sum;
    }
    var best = 0u;
    var best_high = 0i;
    var best_low = 0i;
    for (var y = 0u; y < launch.labels; y++) {
      var high = 0i;
      var low = 0i;
      for (var z = 0u; z < launch.labels; z++) {
        let product = bitcast<i32>(labels[(trial * launch.labels + z) * launch.labels + y]);
        high += (associations[z] >> SPLIT) * product;
        low += (associations[z] & ((1i << SPLIT) - 1i)) * product;
      }
      high += low >> SPLIT;
      low &= (1i << SPLIT) - 1i;
      if (y == 0u || high > best_high || (high == best_high && low > best_low)) {
        best = y;
        best_high = high;
        best_low = low;
      }
    }
    if (best != token % launch.labels) {
      let low = masses[2u * token];
      let high = masses[2u * token + 1u];
      atomicAdd(&wrong[0], low & 0xfffu);
      atomicAdd(&wrong[1], low >> 12u);
      atomicAdd(&wrong[2], high & 0xfffu);
      atomicAdd(&wrong[3], high >> 12u);
    }
  }
  workgroupBarrier();
  if (lane < 4u) {
    atomicAdd(&sums[(4u * launch.cell + lane) * launch.trials + trial], atomicLoad(&wrong[lane]));
  }
}
