// Which tokens an associative memory labels wrongly, and their mass.
//   formula       f(i) = argmax_y sum_z a_z(i) <u_z, u_y>, a of memory-associations.wgsl; the first of equal labels
//   reads         associations[trial][z][i] and labels[trial][z][y], inner products times d; stored[trial][z]: whether a_z may differ
//                 from 0; masses as in token-masses.wgsl
//   writes        sums[(cell * 4 + limb) * trials + trial]: the four 12-bit limbs of the mass of wrong tokens, added to what is there
//   grid          x: 256 tokens, four to a lane, each with four labels at a time; y: trial
//   exactness     integers only. a < 2^31 is cut at bit 13, so that both parts of the sum, times d <u, u>, fit into a word: the low
//                 one is carried to the high one after every `stride` labels

const SPLIT = 13u;
const LOW = (1i << SPLIT) - 1i;
const LANES = 64u;

var<workgroup> wrong: array<atomic<u32>, 4>;

// Of one token, the label with the largest score so far.
struct Best {
  label: u32,
  high: i32,
  low: i32,
}

fn with_one(best: Best, label: u32, high: i32, low: i32) -> Best {
  if (high > best.high || (high == best.high && low > best.low)) { return Best(label, high, low); }
  return best;
}

// Ascending labels: of equal ones the first stays.
fn with_four(best: Best, labels: vec4u, high: vec4i, low: vec4i) -> Best {
  var after = with_one(best, labels.x, high.x, low.x);
  after = with_one(after, labels.y, high.y, low.y);
  after = with_one(after, labels.z, high.z, low.z);
  return with_one(after, labels.w, high.w, low.w);
}

fn carried(low: vec4i) -> vec4i { return low >> vec4u(SPLIT); }

fn count_if_wrong(token: u32, label: u32) {
  if (token >= launch.tokens || label == token % launch.labels) { return; }
  let low = masses[2u * token];
  let high = masses[2u * token + 1u];
  atomicAdd(&wrong[0], low & 0xfffu);
  atomicAdd(&wrong[1], low >> 12u);
  atomicAdd(&wrong[2], high & 0xfffu);
  atomicAdd(&wrong[3], high >> 12u);
}

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) lane: u32, @builtin(workgroup_id) group: vec3u) {
  let trial = group.y;
  if (lane < 4u) { atomicStore(&wrong[lane], 0u); }
  workgroupBarrier();
  let token = vec4u((launch.first_group + group.x) * 4u * LANES + lane) + LANES * vec4u(0u, 1u, 2u, 3u);
  let place = min(token, vec4u(launch.tokens - 1u));
  var best0 = Best(0u, -0x7fffffff, 0);
  var best1 = best0;
  var best2 = best0;
  var best3 = best0;
  for (var y = 0u; y < launch.labels; y += 4u) {
    // The last label stands for those beyond.
    let four = min(vec4u(y) + vec4u(0u, 1u, 2u, 3u), vec4u(launch.labels - 1u));
    var high0 = vec4i(0);
    var high1 = vec4i(0);
    var high2 = vec4i(0);
    var high3 = vec4i(0);
    var low0 = vec4i(0);
    var low1 = vec4i(0);
    var low2 = vec4i(0);
    var low3 = vec4i(0);
    for (var begin = 0u; begin < launch.labels; begin += launch.stride) {
      for (var z = begin; z < min(begin + launch.stride, launch.labels); z++) {
        let source = trial * launch.labels + z;
        if (stored[source] == 0u) { continue; }
        let at = source * launch.labels;
        let product = bitcast<vec4i>(vec4u(labels[at + four.x], labels[at + four.y], labels[at + four.z], labels[at + four.w]));
        let start = source * launch.tokens;
        let a = bitcast<vec4i>(vec4u(associations[start + place.x], associations[start + place.y],
          associations[start + place.z], associations[start + place.w]));
        let high = a >> vec4u(SPLIT);
        let low = a & vec4i(LOW);
        high0 += high.x * product;
        high1 += high.y * product;
        high2 += high.z * product;
        high3 += high.w * product;
        low0 += low.x * product;
        low1 += low.y * product;
        low2 += low.z * product;
        low3 += low.w * product;
      }
      high0 += carried(low0);
      high1 += carried(low1);
      high2 += carried(low2);
      high3 += carried(low3);
      low0 &= vec4i(LOW);
      low1 &= vec4i(LOW);
      low2 &= vec4i(LOW);
      low3 &= vec4i(LOW);
    }
    best0 = with_four(best0, four, high0, low0);
    best1 = with_four(best1, four, high1, low1);
    best2 = with_four(best2, four, high2, low2);
    best3 = with_four(best3, four, high3, low3);
  }
  count_if_wrong(token.x, best0.label);
  count_if_wrong(token.y, best1.label);
  count_if_wrong(token.z, best2.label);
  count_if_wrong(token.w, best3.label);
  workgroupBarrier();
  if (lane < 4u) {
    atomicAdd(&sums[(4u * launch.cell + lane) * launch.trials + trial], atomicLoad(&wrong[lane]));
  }
}
