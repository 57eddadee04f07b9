// What the kernels of samplers/krylov-*.wgsl that solve have in common: one workgroup per trial, three systems at once.
//   reads         launch.half_lanes
//   needs         SUMS, the number of vectors the kernel sums at once
// Without a chain of generators there are only two systems, and the third is zero.

const LANES = 32u;

// Four columns of the three systems.
struct Trio { a: vec4f, b: vec4f, c: vec4f }

var<workgroup> partial: array<array<vec3f, 32>, SUMS>;
var<workgroup> flag: u32;

fn scaled(v: Trio, factor: vec4f) -> Trio {
  return Trio(v.a * factor, v.b * factor, v.c * factor);
}

fn dots(v: Trio, w: Trio) -> vec3f {
  return vec3f(dot(v.a, w.a), dot(v.b, w.b), dot(v.c, w.c));
}

// Sums of what the lanes have put into partial[n][lane], n < SUMS, in partial[n][0]. The bound of the loop (LANES / 2) comes with
// the launch: unrolled, and once for every use, it takes some compilers seconds.
fn sum_lanes(lane: u32) {
  workgroupBarrier();
  for (var width = launch.half_lanes; width > 0u; width /= 2u) {
    if (lane < width) {
      for (var n = 0u; n < SUMS; n++) { partial[n][lane] += partial[n][lane + width]; }
    }
    workgroupBarrier();
  }
}

// Component s of a sum over the three systems.
fn unit(s: u32) -> vec3f {
  return vec3f(f32(s == 0u), f32(s == 1u), f32(s == 2u));
}
