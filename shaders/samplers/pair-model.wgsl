// A model to draw from, out of what it has counted: running sums of weights, and how often each context came.
//   formula       top-p keeps the largest counts c of a context until they sum to n - floor(n drop / 2^16), n their sum: all that exceed
//                 a threshold t, and of those equal to t the first ones, rounded up or, where CROSSING is false, down; at least
//                 one. A count that is kept weighs powers[c], or itself
//   reads         counts[trial][context][token]; powers where POWERS
//   writes        model[trial]: a row of running sums for each context, then n for each context (pair-contexts.wgsl sums them up)
//   grid          x: context; y: trial; a lane has every 64th part of the tokens, in one piece
//   exactness     integers only; weights of a context sum to less than 2^32

override POWERS: bool = false;
override CROSSING: bool = true;

const LANES = 64u;

var<workgroup> parts: array<u32, 64>;
var<workgroup> total: u32;

// Sum over the lanes before this one; over all of them it is in `total`.
fn sum_before(lane: u32, value: u32) -> u32 {
  workgroupBarrier();
  parts[lane] = value;
  workgroupBarrier();
  if (lane == 0u) {
    var sum = 0u;
    for (var i = 0u; i < LANES; i++) {
      let part = parts[i];
      parts[i] = sum;
      sum += part;
    }
    total = sum;
  }
  workgroupBarrier();
  return parts[lane];
}

fn sum_of_all(lane: u32, value: u32) -> u32 {
  _ = sum_before(lane, value);
  return workgroupUniformLoad(&total);
}

fn weight(count: u32) -> u32 {
  if (POWERS) { return powers[count]; }
  return count;
}

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) lane: u32, @builtin(workgroup_id) group: vec3u) {
  let trial = group.y;
  let context = launch.first_group + group.x;
  let cells = launch.contexts * launch.tokens;
  let row = trial * cells + context * launch.tokens;
  let piece = (launch.tokens + LANES - 1u) / LANES;
  let first = min(lane * piece, launch.tokens);
  let end = min(first + piece, launch.tokens);

  var mine = 0u;
  for (var j = first; j < end; j++) { mine += counts[row + j]; }
  let n = sum_of_all(lane, mine);
  let target_sum = n - ((n >> 16u) * launch.drop + (((n & 0xffffu) * launch.drop) >> 16u));

  // The largest threshold that counts of at least as much reach the target with: 1 if all are wanted.
  var threshold = 1u;
  if (launch.drop > 0u) {
    var high = n;
    for (var step = 0u; step < 32u && threshold < high; step++) {
      let middle = threshold + (high - threshold + 1u) / 2u;
      mine = 0u;
      for (var j = first; j < end; j++) { mine += select(0u, counts[row + j], counts[row + j] >= middle); }
      if (sum_of_all(lane, mine) >= target_sum) { threshold = middle; } else { high = middle - 1u; }
    }
  }
  var above = 0u;
  var equals = 0u;
  for (var j = first; j < end; j++) {
    above += select(0u, counts[row + j], counts[row + j] > threshold);
    equals += select(0u, 1u, counts[row + j] == threshold);
  }
  let missing = target_sum - min(target_sum, sum_of_all(lane, above));
  let whole = missing / threshold;
  let rounded = select(whole, (missing + threshold - 1u) / threshold, CROSSING);
  let wanted = select(rounded, max(rounded, 1u), missing == target_sum);
  let equals_before = sum_before(lane, equals);

  // Twice the same walk: the sum of the piece, then the running sums.
  var sum = 0u;
  for (var walk = 0u; walk < 2u; walk++) {
    if (walk == 1u) { sum = sum_before(lane, sum); }
    var equal = equals_before;
    for (var j = first; j < end; j++) {
      let count = counts[row + j];
      let kept = count > threshold || (count == threshold && equal < wanted);
      if (count == threshold) { equal++; }
      if (kept) { sum += weight(count); }
      if (walk == 1u) { model[trial * (cells + launch.contexts) + context * launch.tokens + j] = sum; }
    }
  }
  if (lane == 0u) { model[trial * (cells + launch.contexts) + cells + context] = n; }
}
