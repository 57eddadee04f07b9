// Test errors of least-squares fits to two blocks of rows with weights, from the forms of samplers/jacobi-form.wgsl.
//   formula       x = argmin b1 ||B1 x - s1 z1||^2 + b2 ||B2 x - (s2 z2 + B2 e_1 (m2 - m1) chi_T)||^2, tails t = s chi_tail;
//                 r = sqrt(|x_beside|^2 + t1^2 + t2^2) / chi_{T-d+1},  E = (m1 + (x_1 - r n) / chi_T)^2 + r^2
//   reads         forms (see there); fits[8 item + e], e: b1, b2 (the larger 1), s1, s2, slot of m1, slot of m2, slot, error
//   updates       models[slot][trial]: distances m from the truth along one direction; slot below 0 is none
//   writes        errors[error][trial]; below 0 is none
//   grid          item: one fit; 64 trials per workgroup
//   error bound   relative to E plus the squares of what (m2 - m1) and the noises contribute: 20 levels eps at worst,
//                 below 1e-5 as measured
//
// One sweep from the last level to the first. Minimised over the columns beyond it, the objective is D (x_i - q/D)^2 + const
// for column i, over k_{i-1}^2; D is a ratio of sums of positive terms, so that nothing cancels however different the weights
// are. The best x_{i+1} is an affine function of x_i, and so |x_{i+1}, x_{i+2}, ...|^2 = (p x_i + m)^2 + rest throughout.

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) lane: u32, @builtin(workgroup_id) group: vec3u) {
  let g = launch.first_group + group.x;
  let stride = launch.trials;
  let trial = (g / launch.items) * 64u + lane;
  let item = 8u * (launch.first_fit + g % launch.items);
  if (trial >= stride) { return; }
  let b = vec2f(fits[item], fits[item + 1u]);
  let noise = vec2f(fits[item + 2u], fits[item + 3u]);
  let difference = b.y - b.x;
  let product = b.x * b.y;

  let scalars = 6u * launch.levels * stride + trial;
  let chi_first = forms[scalars];
  let start = models[u32(fits[item + 4u]) * stride + trial];
  let signal = (models[u32(fits[item + 5u]) * stride + trial] - start) * chi_first;
  let tails = noise * vec2f(forms[scalars + 3u * stride], forms[scalars + 4u * stride]);

  var at = 6u * (launch.levels - 1u) * stride + trial;
  var share = vec2f(forms[at], forms[at + stride]);
  var y = noise * vec2f(forms[at + 4u * stride], forms[at + 5u * stride]);
  y.y += select(0.0, share.y * signal, launch.levels == 1u);
  var curvature = dot(b, share * share);
  var moment = dot(b, share * y);
  var slope = 0.0;
  var middle = 0.0;
  var rest = dot(tails, tails);
  for (var i = launch.levels - 1u; i > 0u; i--) {
    at -= 6u * stride;
    share = vec2f(forms[at], forms[at + stride]);
    let kept = forms[at + 2u * stride];
    let passed = forms[at + 3u * stride];
    y = noise * vec2f(forms[at + 4u * stride], forms[at + 5u * stride]);
    y.y += select(0.0, share.y * signal, i == 1u);
    let squares = share * share;
    let passed_square = passed * passed;
    let cross = share.x * share.y * passed * difference;
    curvature *= kept * kept;
    moment *= kept;
    slope *= kept;
    let inverse = 1.0 / (curvature + passed_square * dot(b, squares.yx));
    let next = (moment + passed * (b.y * share.x * y.y - b.x * share.y * y.x)) * inverse;
    moment = (dot(b * share * (curvature + b.yx * passed_square), y) - moment * cross) * inverse;
    curvature = (curvature * dot(b, squares) + product * passed_square) * inverse;
    let length_square = 1.0 + slope * slope;
    let length = sqrt(length_square);
    rest += middle * middle / length_square;
    middle = length * next + slope * middle / length;
    slope = -length * cross * inverse;
  }
  let along = moment / curvature;
  let beside = slope * along + middle;
  let sideways = sqrt(beside * beside + rest) / forms[scalars + stride];
  let forward = start + (along - sideways * forms[scalars + 2u * stride]) / chi_first;
  let square = forward * forward + sideways * sideways;
  if (fits[item + 6u] >= 0.0) { models[u32(fits[item + 6u]) * stride + trial] = sqrt(square); }
  if (fits[item + 7u] >= 0.0) { errors[u32(fits[item + 7u]) * stride + trial] = square; }
}
