// What is wrong with a model, context by context.
//   formula       w_i sum_j |c_ij / n_i - p_ij|, 2 w_i where n_i = 0; with LOSS w_i sum_j p_ij min(-ln(c_ij / n_i), clip)
//   reads         counts[trial][context][token]; laws: the chances p_ij, then the weights w_i
//   writes        parts[trial][context]
//   grid          x: context; y: trial
//   error bound   (tokens / 64 + 10) eps relative to the sum of its terms; counts below 2^24 are exact. -ln is good to 3e-7

override LOSS: bool = false;

const LANES = 64u;

var<workgroup> totals: array<u32, 64>;
var<workgroup> terms: array<f32, 64>;

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) lane: u32, @builtin(workgroup_id) group: vec3u) {
  let trial = group.y;
  let context = launch.first_group + group.x;
  let place = context * launch.tokens;
  let row = trial * launch.contexts * launch.tokens + place;
  var mine = 0u;
  for (var j = lane; j < launch.tokens; j += LANES) { mine += counts[row + j]; }
  totals[lane] = mine;
  workgroupBarrier();
  var n = 0u;
  for (var i = 0u; i < LANES; i++) { n += totals[i]; }

  var sum = 0.0;
  let all = max(f32(n), 1.0);
  for (var j = lane; j < launch.tokens; j += LANES) {
    let chance = f32(counts[row + j]) / all;
    let p = laws[place + j];
    if (LOSS) {
      if (chance > 0.0) { sum += p * min(-natural_log(chance), launch.clip); } else { sum += p * launch.clip; }
    } else {
      sum += abs(chance - p);
    }
  }
  terms[lane] = sum;
  for (var half = LANES / 2u; half > 0u; half /= 2u) {
    workgroupBarrier();
    if (lane < half) { terms[lane] += terms[lane + half]; }
  }
  if (lane == 0u) {
    let unseen = n == 0u && !LOSS;
    parts[trial * launch.contexts + context] =
      laws[launch.contexts * launch.tokens + context] * select(terms[0], 2.0, unseen);
  }
}
