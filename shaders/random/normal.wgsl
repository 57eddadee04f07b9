// Four standard normals from 128 random bits: Box-Muller with our own logarithm, sine and cosine.
//   formula       z = sqrt(-2 ln u) (cos t, sin t), u in [2^-33, 1), t uniform on 2^26 equally spaced angles
//   error bound   |z - exact| <= 1e-6 (8.9e-7 at the worst radii and angles, on two drivers); |z| <= 6.77
//   needs         nothing of the device: WGSL's own log and sin may be wrong in the fourth digit
// The same uniforms in double precision: src/reference/normal.ts.

// ln u for normal positive u, from atanh: ln m = 2 artanh((m-1)/(m+1)), m in [sqrt(1/2), sqrt 2).
fn natural_log(u: f32) -> f32 {
  let bits = bitcast<u32>(u);
  let shifted = bits - 0x3f3504f3u;
  let exponent = bitcast<i32>(shifted) >> 23u;
  let m = bitcast<f32>((shifted & 0x007fffffu) + 0x3f3504f3u);
  let s = (m - 1.0) / (m + 1.0);
  let q = s * s;
  let series = 2.0 + q * (0.66666818 + q * (0.39974758 + q * 0.29926515));
  // ln 2 in two parts: the first has 15 bits, so that its multiples are exact.
  return f32(exponent) * 0.693145751953125 + (f32(exponent) * 1.42860682e-6 + s * series);
}

// Radius sqrt(-2 ln u): the 24 leading bits of the word are kept, so that the conversion is exact on every device
// and u reaches down to 2^-33.
fn normal_radius(word: u32) -> f32 {
  let leading = word & (0xffffff00u >> (countLeadingZeros(word) & 31u));
  let u = max(f32(leading), 0.5) * 2.3283064365386963e-10;
  return sqrt(max(0.0, -2.0 * natural_log(u)));
}

// (cos t, sin t): two bits choose the quadrant, 24 bits the angle (pi/2) f in it, f in (-1/2, 1/2).
fn unit_vector(word: u32) -> vec2f {
  let f = (f32(i32((word >> 6u) & 0x00ffffffu) - 8388608) + 0.5) * 5.9604644775390625e-8;
  let q = f * f;
  // Each coefficient is fitted to what those before it leave after their own rounding to f32.
  let s = f * (1.57079637 + q * (-0.6459648 + q * (0.07968988 + q * -0.0046229544)));
  let c = 1.0 + q * (-1.2337005 + q * (0.25366852 + q * (-0.020855254 + q * 0.0008935732)));
  let swapped = select(vec2f(c, s), vec2f(-s, c), (word & 0x40000000u) != 0u);
  return select(swapped, -swapped, (word & 0x80000000u) != 0u);
}

fn standard_normals(words: vec4u) -> vec4f {
  return vec4f(
    normal_radius(words.x) * unit_vector(words.y),
    normal_radius(words.z) * unit_vector(words.w),
  );
}
