// Krylov sampler, step 3 of 3: one step of conjugate gradients in the three systems of samplers/krylov-begin.wgsl.
//   reads         inverses[j], rows[trial][j/4][l] = g_l, basis[trial][j/4][i] = v_i as vec4 over j; coefficients[trial] of
//                 krylov-reveal.wgsl, `known` of them along the v
//   updates       vectors[trial][array][j] as vec4 over j: x in arrays 2 .. 4, r in 5 .. 7, p in 8 .. 10; X'X p + M L p is left in
//                 11 .. 13; states[trial] as in krylov-begin.wgsl
//   writes        statuses[trial] from `status_offset`: 1 while any system goes on
//   grid          x: 1 workgroup; y: trial
//   error bound   a system stops at ||y|| <= tolerance times the shorter of x and its error e, y = residual / (weight + M L)

const SUMS = 4u;
const ARRAYS = 14u;
const X = 2u;
const R = 5u;
const P = 8u;
const IMAGE = 11u;

@compute @workgroup_size(LANES)
fn main(@builtin(local_invocation_index) lane: u32, @builtin(workgroup_id) group: vec3u) {
  let trial = group.y;
  let base = trial * ARRAYS * launch.columns4;
  if (lane == 0u) { flag = u32(states[2u * trial].w > 0.0); }
  if (workgroupUniformLoad(&flag) == 0u) { return; }

  var curvature = vec3f(0.0);
  for (var q = lane; q < launch.columns4; q += 2u * LANES) {
    let other = min(q + LANES, launch.columns4 - 1u);
    let p = load(base, q);
    let o = load(base, other);
    let image = combined(trial, q, other, Two(scaled(p, launch.penalty * inverses[q]), scaled(o, launch.penalty * inverses[other])));
    store(base, q, image.first);
    curvature += dots(p, image.first);
    if (other == q + LANES) {
      store(base, other, image.second);
      curvature += dots(o, image.second);
    }
  }
  partial[0][lane] = curvature;
  sum_lanes(lane);
  var energy = states[2u * trial].xyz;
  var live = states[2u * trial + 1u].yzw > vec3f(0.0);
  let step = select(vec3f(0.0), energy / partial[0][0], live);
  workgroupBarrier();

  var next_energy = vec3f(0.0);
  var distances = vec3f(0.0);
  var squares = vec3f(0.0);
  var errors = vec3f(0.0);
  for (var s = 0u; s < launch.systems; s++) {
    for (var q = lane; q < launch.columns4; q += LANES) {
      let at = base + s * launch.columns4 + q;
      let length = dot(step, unit(s));
      let x = vectors[at + X * launch.columns4] + length * vectors[at + P * launch.columns4];
      let r = vectors[at + R * launch.columns4] - length * vectors[at + IMAGE * launch.columns4];
      let y = r / (launch.weight + launch.penalty * inverses[q]);
      vectors[at + X * launch.columns4] = x;
      vectors[at + R * launch.columns4] = r;
      next_energy += unit(s) * dot(r, y);
      distances += unit(s) * dot(y, y);
      squares += unit(s) * dot(x, x);
      let e = select(x, vectors[base + launch.columns4 + q] - x, s == 2u);
      errors += unit(s) * dot(e, e);
    }
  }
  partial[0][lane] = next_energy;
  partial[1][lane] = distances;
  partial[2][lane] = squares;
  partial[3][lane] = errors;
  sum_lanes(lane);
  next_energy = partial[0][0];
  live = live & (partial[1][0] > launch.tolerance * launch.tolerance * min(partial[2][0], partial[3][0]));

  let turn = select(vec3f(0.0), next_energy / energy, live);
  for (var s = 0u; s < launch.systems; s++) {
    for (var q = lane; q < launch.columns4; q += LANES) {
      let at = base + s * launch.columns4 + q;
      let y = vectors[at + R * launch.columns4] / (launch.weight + launch.penalty * inverses[q]);
      let goes_on = dot(vec3f(live), unit(s));
      vectors[at + P * launch.columns4] = goes_on * y + dot(turn, unit(s)) * vectors[at + P * launch.columns4];
    }
  }
  if (lane == 0u) {
    states[2u * trial] = vec4f(next_energy, f32(any(live)));
    states[2u * trial + 1u] = vec4f(0.0, vec3f(live));
    statuses[launch.status_offset + trial] = u32(any(live));
  }
}

// Eight columns of the three systems.
struct Two { first: Trio, second: Trio }

fn load(base: u32, q: u32) -> Trio {
  let at = base + P * launch.columns4 + q;
  return Trio(vectors[at], vectors[at + launch.columns4], vectors[at + 2u * launch.columns4]);
}

fn store(base: u32, q: u32, image: Trio) {
  let at = base + IMAGE * launch.columns4 + q;
  vectors[at] = image.a;
  vectors[at + launch.columns4] = image.b;
  vectors[at + 2u * launch.columns4] = image.c;
}

// start + sum_l g_l along_u[l] + sum_i v_i along_v[i].
fn combined(trial: u32, q: u32, other: u32, start: Two) -> Two {
  var sum = start;
  let first = (trial * launch.columns4 + q) * launch.capacity;
  let second = (trial * launch.columns4 + other) * launch.capacity;
  let along_v = 2u * trial * launch.capacity;
  let along_u = along_v + launch.capacity;
  for (var i = 0u; i <= launch.known; i++) {
    let c = coefficients[along_u + i].xyz;
    sum = Two(plus(sum.first, c, rows[first + i]), plus(sum.second, c, rows[second + i]));
  }
  for (var i = 0u; i < launch.known; i++) {
    let c = coefficients[along_v + i].xyz;
    sum = Two(plus(sum.first, c, basis[first + i]), plus(sum.second, c, basis[second + i]));
  }
  return sum;
}

fn plus(sum: Trio, c: vec3f, v: vec4f) -> Trio {
  return Trio(sum.a + c.x * v, sum.b + c.y * v, sum.c + c.z * v);
}
