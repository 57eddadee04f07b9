// Self-test: does this device keep the rounding error of a sum (Knuth's two-sum), plain and guarded?
//   formula       s = a + b, e = (a - (s - v)) + (b - v), v = s - a; exact if no operation is reassociated
//   reads         pairs[i] = (a, b, zero, -): `zero` is 0 at run time, its bits are xored into s as a guard
//   writes        errors[i] = (e plain, e guarded, -, -)
//   grid          x: one invocation per pair
// Plain two-sum is optimised away by some drivers; compensated kernels must then use the guard.

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let i = launch.first_group * 64u + id.x;
  if (i >= launch.count) { return; }
  let a = pairs[i].x;
  let b = pairs[i].y;
  let plain = a + b;
  let v = plain - a;
  let zero = bitcast<u32>(pairs[i].z);
  let guarded = bitcast<f32>(bitcast<u32>(a + b) ^ zero);
  let w = bitcast<f32>(bitcast<u32>(guarded - a) ^ zero);
  let rest = bitcast<f32>(bitcast<u32>(guarded - w) ^ zero);
  errors[i] = vec4f((a - (plain - v)) + (b - v), (a - rest) + (b - w), 0.0, 0.0);
}
