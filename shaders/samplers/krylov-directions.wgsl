// Krylov sampler, step 1 of 3: the directions in which the design has to be known next.
//   formula       c_i = v_i.p for the known v_i, p - sum_i c_i v_i = sum of new orthonormal v: Gram and Schmidt on three p.
//                 launch.attempt 1 repeats it on the new v, if little was left and rounding is large in what is left
//   reads         vectors[trial][array][j] as vec4 over j, row length 4 * columns4: p in arrays 8 .. 10; rows[trial][j/4][l] = g_l
//   updates       basis[trial][j/4][i] = v_i as vec4 over j, i from 0: writes v_known ..; states[trial] = (energies, live),
//                 (again, -, -, -)
//   writes        products[trial][i][l] = v_i.g_l for the known v and the next g, while the v are at hand;
//                 coefficients[trial][0][i] = c_i of the three p, i < known + systems; [1] is scratch
//   grid          x: 1 workgroup; y: trial
//   error bound   |v_i.v_k - [i = k]| <= 20 d eps
// A v that is nothing but rounding becomes zero: once all directions are known, or where a system has ended.

const SUMS = 4u;
const P = 8u;
const ARRAYS = 14u;
// If less than this share of a vector is left, the projection is repeated.
const LITTLE = 0.5;
// If then less than this share of the rest is left, it was nothing but rounding.
const NOTHING = 0.5;

@compute @workgroup_size(LANES)
fn main(@builtin(local_invocation_index) lane: u32, @builtin(workgroup_id) group: vec3u) {
  let trial = group.y;
  let known = launch.known;
  if (lane == 0u) { flag = u32(select(states[2u * trial].w, states[2u * trial + 1u].x, launch.attempt == 1u) > 0.0); }
  if (workgroupUniformLoad(&flag) == 0u) { return; }
  let kept = 2u * trial * launch.capacity;
  let scratch = kept + launch.capacity;

  // Coefficients along what is known.
  for (var start = 0u; start < known; start += ROWS) {
    let row = start + first_row(lane);
    var sums = Four();
    var drawn = Four();
    if (row < known) {
      for (var q = lane % SEGMENTS; q < launch.columns4; q += SEGMENTS) {
        let w = source(trial, q);
        let begin = (trial * launch.columns4 + q) * launch.capacity;
        let a = basis[begin + row];
        let b = basis[begin + row + 1u];
        let c = basis[begin + row + 2u];
        let d = basis[begin + row + 3u];
        sums = Four(with_row(sums.a, a, w), with_row(sums.b, b, w), with_row(sums.c, c, w), with_row(sums.d, d, w));
        if (launch.attempt == 0u) {
          let first = begin + known + 1u;
          let g = Trio(rows[first], rows[first + 1u], rows[first + launch.systems - 1u]);
          drawn = Four(with_row(drawn.a, a, g), with_row(drawn.b, b, g), with_row(drawn.c, c, g), with_row(drawn.d, d, g));
        }
      }
    }
    let i = start + lane;
    let sum = row_sum(lane, sums);
    if (lane < ROWS && i < known) { coefficients[scratch + i] = vec4f(sum, 0.0); }
    if (launch.attempt == 0u) {
      let product = row_sum(lane, drawn);
      if (lane < ROWS && i < known) {
        let out = (trial * launch.capacity + i) * launch.capacity + known + 1u;
        products[out] = product.x;
        products[out + 1u] = product.y;
        if (launch.systems == 3u) { products[out + 2u] = product.z; }
      }
    }
  }
  storageBarrier();
  workgroupBarrier();

  // The rest.
  var squares = vec3f(0.0);
  for (var q = lane; q < launch.columns4; q += 2u * LANES) {
    let other = min(q + LANES, launch.columns4 - 1u);
    var t = source(trial, q);
    var u = source(trial, other);
    let t_at = (trial * launch.columns4 + q) * launch.capacity;
    let u_at = (trial * launch.columns4 + other) * launch.capacity;
    squares += dots(t, t);
    squares += select(vec3f(0.0), dots(u, u), other == q + LANES);
    for (var i = 0u; i < known; i++) {
      let c = coefficients[scratch + i].xyz;
      let v = basis[t_at + i];
      let w = basis[u_at + i];
      t = Trio(t.a - c.x * v, t.b - c.y * v, t.c - c.z * v);
      u = Trio(u.a - c.x * w, u.b - c.y * w, u.c - c.z * w);
    }
    store(trial, q, t);
    if (other == q + LANES) { store(trial, other, u); }
  }

  // Orthonormal among themselves, one after the other.
  let columns = select(kept, scratch, launch.attempt == 1u) + known;
  var little = false;
  for (var s = 0u; s < launch.systems; s++) {
    var sums = vec3f(0.0);
    for (var q = lane; q < launch.columns4; q += LANES) {
      let own = basis[place(trial, q) + s];
      sums += dots(newest(trial, q), Trio(own, own, own));
    }
    partial[0][lane] = sums;
    partial[1][lane] = squares;
    sum_lanes(lane);
    let products = partial[0][0];
    let before = component(partial[1][0], s);
    workgroupBarrier();
    let square = component(products, s);
    let least = select(1e-30, NOTHING * NOTHING, launch.attempt == 1u);
    let inverse = select(0.0, inverseSqrt(square), square > least * before && before > 1e-30);
    little |= inverse > 0.0 && square < LITTLE * LITTLE * before;
    let along = vec3f(select(0.0, products.x, s == 0u), select(0.0, products.y, s <= 1u), products.z) * inverse;
    if (lane == 0u) { coefficients[columns + s] = vec4f(along, 0.0); }
    for (var q = lane; q < launch.columns4; q += LANES) {
      let own = inverse * basis[place(trial, q) + s];
      for (var m = s; m < launch.systems; m++) {
        basis[place(trial, q) + m] = select(basis[place(trial, q) + m] - component(along, m) * own, own, m == s);
      }
    }
  }
  storageBarrier();
  workgroupBarrier();

  // What the p are in terms of all v.
  if (launch.attempt == 1u) {
    let first = mat3x3f(
      coefficients[kept + known].xyz,
      coefficients[kept + known + 1u].xyz,
      select(vec3f(0.0), coefficients[kept + known + launch.systems - 1u].xyz, launch.systems == 3u),
    );
    // Lanes read those columns before one of them writes.
    workgroupBarrier();
    for (var i = lane; i < known; i += LANES) {
      coefficients[kept + i] += vec4f(first * coefficients[scratch + i].xyz, 0.0);
    }
    if (lane < launch.systems) {
      coefficients[kept + known + lane] = vec4f(first * coefficients[scratch + known + lane].xyz, 0.0);
    }
  } else {
    for (var i = lane; i < known; i += LANES) { coefficients[kept + i] = coefficients[scratch + i]; }
  }
  if (lane == 0u) { states[2u * trial + 1u].x = select(0.0, 1.0, little); }
}

fn component(v: vec3f, s: u32) -> f32 {
  return select(select(v.x, v.y, s == 1u), v.z, s == 2u);
}

fn place(trial: u32, q: u32) -> u32 {
  return (trial * launch.columns4 + q) * launch.capacity + launch.known;
}

// The p, or at the second attempt what the first has made of them.
fn source(trial: u32, q: u32) -> Trio {
  if (launch.attempt == 1u) { return newest(trial, q); }
  let i = (trial * ARRAYS + P) * launch.columns4 + q;
  return Trio(vectors[i], vectors[i + launch.columns4], vectors[i + 2u * launch.columns4]);
}

fn store(trial: u32, q: u32, t: Trio) {
  let at = (trial * launch.columns4 + q) * launch.capacity + launch.known;
  basis[at] = t.a;
  basis[at + 1u] = t.b;
  if (launch.systems == 3u) { basis[at + 2u] = t.c; }
}
