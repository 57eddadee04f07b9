// Chi-distributed numbers by address: lengths of Gaussian vectors of up to 2^24 entries.
//   formula       Marsaglia and Tsang, A simple method for generating gamma variables, ACM TOMS 26 (2000): with
//                 d = k/2 - 1/3, x standard normal and y = x / (3 sqrt d), chi_k = sqrt(2 d (1 + y)^3), kept with
//                 probability exp(-t), t = x^2/2 - d (1 - (1 + y)^3 + 3 ln(1 + y)). chi_1 = |x|; chi_0 = 0
//   needs         random/threefry.wgsl, random/normal.wgsl, random/address.wgsl
//   error bound   |chi - exact| <= 3e-7 chi + 2e-6
// The terms of t up to y^3 cancel by the choice of d, so that t = (x y)^2 g(y) / 3 with g > 0 below: t has a small relative
// error even where it is tiny. A decision that differs from double precision (src/reference/chi.ts) therefore needs a
// uniform within about 1e-6 t of the border: less than 1e-7 of all draws at k = 2, and less than 1e-8/k for large k.

// g(y) = int_0^1 s^3 / (1 + s y) ds = 1/4 - y/5 + y^2/6 - ... = (y - y^2/2 + y^3/3 - ln(1 + y)) / y^4
fn chi_shape(y: f32) -> f32 {
  if (abs(y) < 0.125) {
    return 0.25 + y * (-0.2 + y * (0.16666667 + y * (-0.14285714 + y * (0.125 + y * (-0.11111111 + y * (0.1
      - y * 0.09090909))))));
  }
  let square = y * y;
  return (y - 0.5 * square + 0.33333333 * square * y - natural_log(1.0 + y)) / (square * square);
}

// -ln(1 - w) for w in (0, 1], to a few ulp also where w is tiny.
fn exponential_quantile(w: f32) -> f32 {
  if (w > 0.25) { return -natural_log(max(1.0 - w, 5.9604645e-8)); }
  let s = w / (2.0 - w);
  let q = s * s;
  return s * (2.0 + q * (0.66666818 + q * (0.39974758 + q * 0.29926515)));
}

// The proposal for k degrees of freedom, negative if it is rejected.
fn chi_proposal(k: f32, x: f32, word: u32) -> f32 {
  if (k < 1.5) { return select(0.0, abs(x), k > 0.5); }
  let y = x / sqrt(4.5 * k - 3.0);
  let base = 1.0 + y;
  if (base < 1e-6) { return -1.0; }
  let w = max(f32(word), 0.5) * 2.3283064365386963e-10;
  let square = x * x * y * y;
  // Nearly always settled by 4 g(y) <= 1 / min(1, 1 + y) and -ln(1 - w) >= w.
  if (12.0 * w * min(1.0, base) < square && exponential_quantile(w) < square * chi_shape(y) * 0.33333333) { return -1.0; }
  return sqrt((k - 0.66666667) * base) * base;
}

// Two independent numbers, chi_k for both entries of `freedom`; each takes its first proposal that is kept.
fn chi_pair_at(trial: u32, index: u32, freedom: vec2u) -> vec2f {
  let key = vec4u(launch.seed_low, launch.seed_high, launch.unit, launch.generation);
  var chi = vec2f(-1.0);
  // One proposal in twenty is rejected at most: the loop ends long before its bound.
  for (var attempt = 0u; attempt < 64u && min(chi.x, chi.y) < 0.0; attempt++) {
    let words = threefry4x32(vec4u(launch.first_trial + trial, index, attempt, PURPOSE_CHI), key);
    let x = normal_radius(words.x) * unit_vector(words.y);
    if (chi.x < 0.0) { chi.x = chi_proposal(f32(freedom.x), x.x, words.z); }
    if (chi.y < 0.0) { chi.y = chi_proposal(f32(freedom.y), x.y, words.w); }
  }
  return chi;
}
