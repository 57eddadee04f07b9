// Which tokens an associative memory labels wrongly, and their mass.
//   formula       f(i) = argmax_y sum_z a_z(i) <u_z, u_y>, a of memory-associations.wgsl; the first of equal labels
//   reads         associations[trial][z][i] and labels[trial][z][y], inner products times d; stored[trial][z]: whether a_z may differ
//                 from 0; masses as in token-masses.wgsl
//   writes        sums[(cell * 4 + limb) * trials + trial]: the four 12-bit limbs of the mass of wrong tokens, added to what is there
//   grid          x: 4 * LANES tokens, four to a lane, each with sixteen labels at a time; y: trial
//   exactness     integers only. a < 2^31 is cut at bit SPLIT, so that both parts of the sum, times d <u, u>, fit into a word: the low
//                 one is carried to the high one after every `stride` labels. SPLIT 0 where the whole sum fits into one
//   follows       quads-memory.wgsl or quads-broadcast.wgsl

override SPLIT: u32 = 13u;
override LANES: u32 = 64u;

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

alias Quad = vec4u;

var<private> begin: u32;
var<private> y: u32;

// Inner products of label z with four others; the last label stands for those beyond.
fn source(z: u32, k: u32) -> vec4u {
  let at = begin + z * launch.labels;
  let four = min(vec4u(y + 4u * k) + vec4u(0u, 1u, 2u, 3u), vec4u(launch.labels - 1u));
  return vec4u(labels[at + four.x], labels[at + four.y], labels[at + four.z], labels[at + four.w]);
}

// Scores of four tokens for sixteen labels: [4 * token + k][label of quad k].
var<private> high: array<vec4i, 16>;
var<private> low: array<vec4i, 16>;

fn add(token: u32, a: i32, products: array<vec4i, 4>) {
  let above = a >> SPLIT;
  let below = a & ((1i << SPLIT) - 1i);
  high[4u * token] += above * products[0];
  high[4u * token + 1u] += above * products[1];
  high[4u * token + 2u] += above * products[2];
  high[4u * token + 3u] += above * products[3];
  low[4u * token] += below * products[0];
  low[4u * token + 1u] += below * products[1];
  low[4u * token + 2u] += below * products[2];
  low[4u * token + 3u] += below * products[3];
}

fn count_if_wrong(token: u32, label: u32) {
  if (token >= launch.tokens || label == token % launch.labels) { return; }
  let low = masses[2u * token];
  let high = masses[2u * token + 1u];
  atomicAdd(&wrong[0], low & 0xfffu);
  atomicAdd(&wrong[1], low >> 12u);
  atomicAdd(&wrong[2], high & 0xfffu);
  atomicAdd(&wrong[3], high >> 12u);
}

@compute @workgroup_size(LANES)
fn main(lane: Lane, @builtin(workgroup_id) group: vec3u) {
  let trial = group.y;
  if (lane.index < 4u) { atomicStore(&wrong[lane.index], 0u); }
  workgroupBarrier();
  let token = vec4u((launch.first_group + group.x) * 4u * LANES + lane.index) + LANES * vec4u(0u, 1u, 2u, 3u);
  let place = min(token, vec4u(launch.tokens - 1u));
  begin = trial * launch.labels * launch.labels;
  var best = array<Best, 4>();
  for (var t = 0u; t < 4u; t++) { best[t] = Best(0u, -0x7fffffff, 0); }
  for (var first = 0u; first < launch.labels; first += 16u) {
    y = first;
    high = array<vec4i, 16>();
    low = array<vec4i, 16>();
    for (var run = 0u; run < launch.labels; run += launch.stride) {
      for (var z = run; z < min(run + launch.stride, launch.labels); z++) {
        if (stored[trial * launch.labels + z] == 0u) { continue; }
        let words = four_quads(z, lane);
        let products = array<vec4i, 4>(bitcast<vec4i>(words[0]), bitcast<vec4i>(words[1]), bitcast<vec4i>(words[2]), bitcast<vec4i>(words[3]));
        let start = (trial * launch.labels + z) * launch.tokens;
        add(0u, bitcast<i32>(associations[start + place.x]), products);
        add(1u, bitcast<i32>(associations[start + place.y]), products);
        add(2u, bitcast<i32>(associations[start + place.z]), products);
        add(3u, bitcast<i32>(associations[start + place.w]), products);
      }
      for (var k = 0u; k < 16u; k++) {
        high[k] += carried(low[k]);
        low[k] &= vec4i((1i << SPLIT) - 1i);
      }
    }
    for (var k = 0u; k < 16u; k++) {
      let four = min(vec4u(first + 4u * (k % 4u)) + vec4u(0u, 1u, 2u, 3u), vec4u(launch.labels - 1u));
      best[k / 4u] = with_four(best[k / 4u], four, high[k], low[k]);
    }
  }
  for (var t = 0u; t < 4u; t++) { count_if_wrong(token[t], best[t].label); }
  workgroupBarrier();
  if (lane.index < 4u) {
    atomicAdd(&sums[(4u * launch.cell + lane.index) * launch.trials + trial], atomicLoad(&wrong[lane.index]));
  }
}
