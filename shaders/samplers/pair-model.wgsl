// A model to draw from, out of what it has counted: running sums of weights, and how often each context came.
//   formula       with TOP_P the largest counts c of a context are kept until they sum to n share, rounded up or, where CROSSING is false,
//                 down, n their sum: all that exceed a threshold t, and of those equal to t the first ones, up to the target or beyond it as
//                 CROSSING says; at least one. A count that is kept weighs itself, or with POWERS mantissa 2^(16 + exponent - e), rounded down,
//                 e the exponent of the largest count. Of the running sums, of 64 bits, so many bits are left out that the last one
//                 has 32
//   reads         counts[trial][context][token]; powers[2 (c - 1)], mantissa and exponent; share_high, share_low: 64 bits of a fraction
//   writes        model[trial]: a row of running sums for each context, then n for each context (pair-contexts.wgsl sums them up)
//   grid          x: context; y: trial; a lane has every 64th part of the tokens, in one piece
//   exactness     integers only; a running sum is off by 2^-31 of the last one at most, a power by 2^-31 of itself and 2^-47 of the largest

override POWERS: bool = false;
override TOP_P: bool = false;
override CROSSING: bool = true;

const LANES = 64u;

var<workgroup> parts: array<vec2u, 64>;
var<workgroup> total: vec2u;

// Numbers of 64 bits: low word, high word.
fn added(a: vec2u, b: vec2u) -> vec2u {
  let low = a.x + b.x;
  return vec2u(low, a.y + b.y + u32(low < b.x));
}

fn shifted(a: vec2u, bits: u32) -> vec2u {
  if (bits == 0u) { return a; }
  if (bits >= 64u) { return vec2u(0u); }
  if (bits >= 32u) { return vec2u(a.y >> (bits - 32u), 0u); }
  return vec2u((a.x >> bits) | (a.y << (32u - bits)), a.y >> bits);
}

fn product(a: u32, b: u32) -> vec2u {
  let low = (a & 0xffffu) * (b & 0xffffu);
  let middle = (a >> 16u) * (b & 0xffffu) + (low >> 16u);
  let cross = (a & 0xffffu) * (b >> 16u) + (middle & 0xffffu);
  return vec2u(a * b, (a >> 16u) * (b >> 16u) + (middle >> 16u) + (cross >> 16u));
}

// Sum over the lanes before this one; over all of them it is in `total`.
fn sum_before(lane: u32, value: vec2u) -> vec2u {
  workgroupBarrier();
  parts[lane] = value;
  workgroupBarrier();
  if (lane == 0u) {
    var sum = vec2u(0u);
    for (var i = 0u; i < LANES; i++) {
      let part = parts[i];
      parts[i] = sum;
      sum = added(sum, part);
    }
    total = sum;
  }
  workgroupBarrier();
  return parts[lane];
}

fn sum_of_all(lane: u32, value: u32) -> u32 {
  _ = sum_before(lane, vec2u(value, 0u));
  return workgroupUniformLoad(&total).x;
}

fn largest_of_all(lane: u32, value: u32) -> u32 {
  workgroupBarrier();
  parts[lane] = vec2u(value, 0u);
  workgroupBarrier();
  if (lane == 0u) {
    var largest = 0u;
    for (var i = 0u; i < LANES; i++) { largest = max(largest, parts[i].x); }
    total = vec2u(largest, 0u);
  }
  return workgroupUniformLoad(&total).x;
}

fn weight(count: u32, heaviest: u32) -> vec2u {
  if (!POWERS || count == 0u) { return vec2u(count, 0u); }
  let mantissa = powers[2u * count - 2u];
  return shifted(vec2u(mantissa << 16u, mantissa >> 16u), powers[2u * heaviest - 1u] - powers[2u * count - 1u]);
}

// What the counts that are kept come to: n times the share, rounded.
fn target_of(n: u32) -> u32 {
  if (!TOP_P) { return n; }
  let low = product(n, launch.share_low);
  let sum = added(product(n, launch.share_high), vec2u(low.y, 0u));
  let up = CROSSING && (sum.x > 0u || low.x > 0u);
  return clamp(sum.y + u32(up), min(n, 1u), n);
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
  var largest = 0u;
  for (var j = first; j < end; j++) {
    mine += counts[row + j];
    largest = max(largest, counts[row + j]);
  }
  let n = sum_of_all(lane, mine);
  let heaviest = largest_of_all(lane, largest);
  let target_sum = target_of(n);

  // The largest threshold that counts of at least as much reach the target with: 1 if all are wanted.
  var threshold = 1u;
  if (TOP_P) {
    var high = heaviest;
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
  let equals_before = sum_before(lane, vec2u(equals, 0u)).x;

  // Twice the same walk: the sum of the piece, then the running sums.
  var sum = vec2u(0u);
  var cut = 0u;
  for (var walk = 0u; walk < 2u; walk++) {
    if (walk == 1u) {
      sum = sum_before(lane, sum);
      cut = 32u - countLeadingZeros(workgroupUniformLoad(&total).y);
    }
    var equal = equals_before;
    for (var j = first; j < end; j++) {
      let count = counts[row + j];
      let kept = count > threshold || (count == threshold && equal < wanted);
      if (count == threshold) { equal++; }
      if (kept) { sum = added(sum, weight(count, heaviest)); }
      if (walk == 1u) { model[trial * (cells + launch.contexts) + context * launch.tokens + j] = shifted(sum, cut).x; }
    }
  }
  if (lane == 0u) { model[trial * (cells + launch.contexts) + cells + context] = n; }
}
