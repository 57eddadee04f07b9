// What both solves by block Arnoldi (krylov-solve.wgsl, krylov-lanes.wgsl) make orthogonal with.

// 1 over the root of a square, 0 where that is nothing.
fn pivot(square: f32, least: f32) -> f32 {
  return select(0.0, inverseSqrt(square), square > least);
}

// f with h - (f.h) f along the first axis.
fn reflector(h: vec4f) -> vec4f {
  let length = sqrt(dot(h, h));
  let f = vec4f(h.x + select(-length, length, h.x >= 0.0), h.yzw);
  return select(vec4f(0.0), f * inverseSqrt(0.5 * dot(f, f)), vec4<bool>(length > 0.0));
}

fn reflected(h: vec4f, f: vec4f) -> vec4f {
  return h - dot(f, h) * f;
}
