// What ridge regression on isotropic data does to the model w that labels them: six numbers, for any ||w|| and noise s.
//   formula       w' - w = (||w|| b + s v) e + (||w|| c + s a) f + s r h, with e = w/||w||, f and h orthonormal and
//                 uniformly random beside it. In the basis V of samplers/bidiagonal-rows.wgsl: least squares for
//                 [B; sqrt(M) I] u = [s z; -sqrt(M) ||w|| e_1], M = rows * lambda / eigenvalue. What is kept of w is 1 + b,
//                 which a large M cancels and which therefore is written beside b
//   reads         rows[i][c][trial] of samplers/bidiagonal-rows.wgsl; penalties[item] = M
//   writes        responses[item][k][trial], k = b, v, c, a, r, 1 + b
//   grid          item: as many values of M as `real` has components; 64 trials per workgroup
//   error bound   relative to each sum of squares: 10 columns eps at worst, sqrt(columns) eps as measured
//
// Givens rotations from the last column to the first make the stack lower bidiagonal, L; they are kept without roots, as
// ratios of sums of positive terms, so that nothing cancels however small M is. One sweep suffices, because for the
// trailing blocks of L the lengths that matter obey recurrences: with p = L^-1 e_1, g = L^-1 f (f: the rotated noise)
// split as g = k p + o with o normal to p, each step needs only Q = 1/||p||^2, P = ||o||^2 and k.
//   grown         A = diagonal^2 before damping, X = diagonal * noise, D = A + M; below T = d rows all three divided by M,
//                 which keeps M -> 0 (minimum norm) exact
//   slope         k / diagonal, times `gain`: the power of two next to a large M, without which the square of what is as small
//                 as 1 / M would leave the range of f32

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) lane: u32, @builtin(workgroup_id) group: vec3u) {
  let g = launch.first_group + group.x;
  let trial = (g / launch.items) * 64u + lane;
  let item = g % launch.items;
  let stride = launch.trials;
  if (trial >= stride) { return; }
  let penalty = penalties[item];
  let scale = select(real(1.0), penalty, launch.samples < launch.columns);
  let shift = select(penalty, real(1.0), launch.samples < launch.columns);

  let gain = max(real(1.0), bitcast<real>(bitcast<words>(penalty) & words(0x7f800000u)));

  var at = 3u * (min(launch.samples, launch.columns) - 1u) * stride + trial;
  var alpha = rows[at];
  var beta = rows[at + stride];
  var z = rows[at + 2u * stride];
  var damped = real(1.0);
  var moment = real(0.0);
  var square = scale + beta * beta;
  var slope = beta * z / square * gain;
  var inverse_length = square;
  var rest = real(0.0);
  for (var i = min(launch.samples, launch.columns) - 1u; i > 0u; i--) {
    at -= 3u * stride;
    let next_alpha = rows[at];
    let next_beta = rows[at + stride];
    let next_z = rows[at + 2u * stride];
    let product = alpha * beta;
    let inverse = 1.0 / square;
    let inverse_sum = 1.0 / (inverse_length + product * product * inverse);
    rest += slope * slope * (square * inverse_sum);
    moment = alpha * (damped * z - beta * moment) * inverse;
    damped = alpha * alpha * damped * inverse + shift;
    square = scale * damped + next_beta * next_beta;
    slope = (scale * moment + next_beta * next_z) / square * gain - product * slope * inverse_sum;
    inverse_length = square * (inverse_length * inverse_sum);
    alpha = next_alpha;
    beta = next_beta;
    z = next_z;
  }
  moment = alpha * (damped * z - beta * moment) / square;
  let grown = alpha * alpha * damped / square;
  damped = grown + shift;
  let bias = -shift / damped;
  let noise = moment / damped;
  let pull = alpha * beta / square;
  let length = sqrt(square / inverse_length);
  let out = 6u * item * stride + trial;
  responses[out] = bias;
  responses[out + stride] = noise;
  responses[out + 2u * stride] = -length * pull * bias;
  responses[out + 3u * stride] = length * (slope / gain - pull * noise);
  responses[out + 4u * stride] = sqrt(rest) / gain;
  responses[out + 5u * stride] = grown / damped;
}
