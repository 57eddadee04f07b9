// Krylov sampler: one ridge of one trial, from the first direction to the answer, in the lanes of one subgroup. For drivers on
// processors, which read memory lane by lane and keep everything in memory that lives across a barrier: no barrier, no lane reads
// what another has written, and each number of the basis is read once a step.
//   formula       as samplers/krylov-solve.wgsl, but what is known is taken out vector by vector (modified Gram and Schmidt)
//   reads         as there
//   writes        as there
//   scratch       basis[trial][i][j] = v_i, images[trial][l][j] = X'u_l, rows padded to 4 * BLOCKS * LANES; upper[trial]: the newest
//                 columns, the reflectors, the right-hand sides and the triangle, of `SYSTEMS` columns a row as a vec4
//   grid          x: trial; LANES is the size of a subgroup
//   follows       krylov-reflectors.wgsl
//   error bound   as there

override SYSTEMS: u32 = 3u;
override LANES: u32 = 8u;
// Blocks of four columns of each lane.
override BLOCKS: u32 = 1u;

// At least BLOCKS.
const MOST = 16u;

// Shares of a square below which a vector is projected again, or nothing but rounding: as in krylov-solve.wgsl.
const LITTLE = 0.01;
const LITTLE_BESIDE = 0.1;
const NOTHING = 0.25;

var<private> place: u32;
var<private> trial: u32;
var<private> basis_at: u32;
var<private> rows_at: u32;
var<private> upper_at: u32;
// The newest v, or what becomes of them, and the next g.
var<private> wa: array<vec4f, MOST>;
var<private> wb: array<vec4f, MOST>;
var<private> wc: array<vec4f, MOST>;
var<private> ga: array<vec4f, MOST>;
var<private> gb: array<vec4f, MOST>;
var<private> gc: array<vec4f, MOST>;
// A vector known before.
var<private> old: array<vec4f, MOST>;
// 1 for each of the newest v that is not zero.
var<private> alive: vec3f;
// Squares that residuals are compared with.
var<private> scales: vec3f;

@compute @workgroup_size(LANES)
@diagnostic(off, subgroup_uniformity)
fn main(@builtin(subgroup_invocation_id) lane: u32, @builtin(workgroup_id) group: vec3u) {
  place = lane;
  trial = launch.first_group + group.x;
  basis_at = trial * launch.capacity * row_pitch() + place;
  rows_at = trial * launch.capacity * (launch.columns4 + 1u);
  upper_at = trial * (launch.capacity + 8u) * (launch.capacity / SYSTEMS + 4u);
  begin();
  var tail = mat3x3f();
  var known = 0u;
  var goes_on = true;
  loop {
    let factor = extend(known);
    if (known == 0u) {
      tail = factor;
    } else {
      tail = triangulate(known, factor, tail);
    }
    let residuals = vec3f(dot(tail[0], tail[0]), dot(tail[1], tail[1]), dot(tail[2], tail[2]));
    goes_on = any(residuals > launch.tolerance * launch.tolerance * scales);
    if (!goes_on || known + 2u * SYSTEMS >= launch.directions) { break; }
    reveal(known);
    known += SYSTEMS;
  }
  if (place == 0u) {
    statuses[launch.status_offset + trial] = u32(goes_on);
    substitute(known);
  }
  answer(known);
}

fn row_pitch() -> u32 { return BLOCKS * LANES; }

// P^-1 b, and the first row. Loops over `blocks()` are not unrolled, which would take compilers long and is of use only where most of
// the time goes.
fn begin() {
  let own = 2u * trial * launch.columns4;
  for (var b = 0u; b < blocks(); b++) {
    let q = column(b);
    let noise = there(b) * rows[rows_at + q];
    images[basis_at + b * LANES] = noise;
    let penalty = launch.penalty * inverses[q];
    let inverse = inverse_mean(b);
    wa[b] = -launch.penalty * inverse * vectors[own + q];
    wb[b] = inverse * noise;
    wc[b] = f32(SYSTEMS - 2u) * inverse * penalty * vectors[own + launch.columns4 + q];
  }
}

// BLOCKS, but the compiler does not know.
fn blocks() -> u32 { return BLOCKS * min(launch.systems, 1u); }

fn column(b: u32) -> u32 { return min(b * LANES + place, launch.columns4 - 1u); }

// 0 beyond the data.
fn there(b: u32) -> f32 { return f32(b * LANES + place < launch.columns4); }

// Four of the diagonal of P^-1.
fn inverse_mean(b: u32) -> vec4f {
  return there(b) / (launch.weight + launch.penalty * inverses[column(b)]);
}

fn fetch(known: u32) {
  let pitch = launch.columns4 + 1u;
  for (var k = 0u; k < launch.systems; k++) {
    let at = rows_at + (known + 1u + k) * pitch;
    for (var b = 0u; b < BLOCKS; b++) { old[b] = there(b) * rows[at + column(b)]; }
    if (k == 0u) {
      for (var b = 0u; b < BLOCKS; b++) { ga[b] = old[b]; }
    }
    if (k == 1u) {
      for (var b = 0u; b < BLOCKS; b++) { gb[b] = old[b]; }
    }
    if (k == 2u) {
      for (var b = 0u; b < BLOCKS; b++) { gc[b] = old[b]; }
    }
  }
}

// Sum over lanes.
@diagnostic(off, subgroup_uniformity)
fn total(own: vec3f) -> vec3f {
  return subgroupAdd(own);
}

fn read_basis(i: u32) {
  let at = basis_at + i * row_pitch();
  for (var b = 0u; b < BLOCKS; b++) { old[b] = basis[at + b * LANES]; }
}

fn read_image(l: u32) {
  let at = basis_at + l * row_pitch();
  for (var b = 0u; b < BLOCKS; b++) { old[b] = images[at + b * LANES]; }
}

fn w_times_old() -> vec3f {
  var x = vec4f(0.0);
  var y = vec4f(0.0);
  var z = vec4f(0.0);
  for (var b = 0u; b < BLOCKS; b++) { x = fma(wa[b], old[b], x); }
  for (var b = 0u; b < BLOCKS; b++) { y = fma(wb[b], old[b], y); }
  for (var b = 0u; b < BLOCKS; b++) { z = fma(wc[b], old[b], z); }
  return total(vec3f(four(x), four(y), four(z)));
}

fn g_times_old() -> vec3f {
  var x = vec4f(0.0);
  var y = vec4f(0.0);
  var z = vec4f(0.0);
  for (var b = 0u; b < BLOCKS; b++) { x = fma(ga[b], old[b], x); }
  for (var b = 0u; b < BLOCKS; b++) { y = fma(gb[b], old[b], y); }
  for (var b = 0u; b < BLOCKS; b++) { z = fma(gc[b], old[b], z); }
  return total(vec3f(four(x), four(y), four(z)));
}

fn w_less_old(c: vec3f) {
  for (var b = 0u; b < BLOCKS; b++) { wa[b] = fma(vec4f(-c.x), old[b], wa[b]); }
  for (var b = 0u; b < BLOCKS; b++) { wb[b] = fma(vec4f(-c.y), old[b], wb[b]); }
  for (var b = 0u; b < BLOCKS; b++) { wc[b] = fma(vec4f(-c.z), old[b], wc[b]); }
}

fn g_less_old(c: vec3f) {
  for (var b = 0u; b < BLOCKS; b++) { ga[b] = fma(vec4f(-c.x), old[b], ga[b]); }
  for (var b = 0u; b < BLOCKS; b++) { gb[b] = fma(vec4f(-c.y), old[b], gb[b]); }
  for (var b = 0u; b < BLOCKS; b++) { gc[b] = fma(vec4f(-c.z), old[b], gc[b]); }
}

fn four(x: vec4f) -> f32 {
  return (x.x + x.y) + (x.z + x.w);
}

// Makes w orthonormal to the known v and to each other: what they were are the v times the newest columns, and the newest v times the
// triangle returned. Takes the known v out of the next g, too.
fn extend(known: u32) -> mat3x3f {
  fetch(known);
  let newest = newest_at();
  var factor = mat3x3f(1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0);
  for (var attempt = 0u; attempt < 2u; attempt++) {
    var before = squares_of_w();
    if (known == 0u && attempt == 0u && SYSTEMS == 3u) { before.z = square_of_rest(); }
    for (var i = 0u; i < known; i++) {
      read_basis(i);
      let c = w_times_old();
      w_less_old(c);
      if (attempt == 0u) { g_less_old(g_times_old()); }
      if (place == 0u) {
        var column = vec4f(c * factor, 0.0);
        if (attempt == 1u) { column += upper[newest + i]; }
        upper[newest + i] = column;
      }
    }
    let squares = squares_of_w();
    if (known == 0u && attempt == 0u) { scales = vec3f(squares.xy, min(before.z, squares.z)); }
    if (known == 0u) { before.z = squares.z; }
    let least = select(vec3f(1e-30), NOTHING * before, attempt == 1u);
    let products = products_of_w();
    let a = pivot(squares.x, least.x);
    let ab = products.x * a;
    let ac = products.y * a;
    let b_square = squares.y - ab * ab;
    let b = pivot(b_square, least.y);
    let bc = (products.z - ab * ac) * b;
    let c_square = squares.z - ac * ac - bc * bc;
    let c = select(0.0, pivot(c_square, least.z), SYSTEMS == 3u);
    alive = select(vec3f(0.0), vec3f(1.0), vec3f(a, b, c) > vec3f(0.0));
        let little = (squares < LITTLE * before) | (vec3f(squares.x, b_square, c_square) < LITTLE_BESIDE * squares);
    for (var n = 0u; n < BLOCKS; n++) { wa[n] *= a; }
    for (var n = 0u; n < BLOCKS; n++) { wb[n] = b * (wb[n] - ab * wa[n]); }
    for (var n = 0u; n < BLOCKS; n++) { wc[n] = c * (wc[n] - ac * wa[n] - bc * wb[n]); }
    factor = mat3x3f(squares.x * a, 0.0, 0.0, ab, b_square * b, 0.0, ac, bc, c_square * c) * factor;
    if (!any(little & (alive > vec3f(0.0)))) { break; }
  }
  return factor;
}

fn squares_of_w() -> vec3f {
  var x = vec4f(0.0);
  var y = vec4f(0.0);
  var z = vec4f(0.0);
  for (var b = 0u; b < BLOCKS; b++) { x = fma(wa[b], wa[b], x); }
  for (var b = 0u; b < BLOCKS; b++) { y = fma(wb[b], wb[b], y); }
  for (var b = 0u; b < BLOCKS; b++) { z = fma(wc[b], wc[b], z); }
  return total(vec3f(four(x), four(y), four(z)));
}

fn products_of_w() -> vec3f {
  var x = vec4f(0.0);
  var y = vec4f(0.0);
  var z = vec4f(0.0);
  for (var b = 0u; b < BLOCKS; b++) { x = fma(wa[b], wb[b], x); }
  for (var b = 0u; b < BLOCKS; b++) { y = fma(wa[b], wc[b], y); }
  for (var b = 0u; b < BLOCKS; b++) { z = fma(wb[b], wc[b], z); }
  return total(vec3f(four(x), four(y), four(z)));
}

// Of h - P^-1 b.
fn square_of_rest() -> f32 {
  var sum = vec4f(0.0);
  let h = (2u * trial + 1u) * launch.columns4;
  for (var b = 0u; b < blocks(); b++) {
    let rest = there(b) * vectors[h + column(b)] - wc[b];
    sum = fma(rest, rest, sum);
  }
  return total(vec3f(four(sum))).x;
}

// The rows that the newest v bring, and P^-1 (T - X'X) v in the place of those v.
fn reveal(known: u32) {
  let pitch = launch.columns4 + 1u;
  let chi_at = rows_at + (known + 1u) * pitch + launch.columns4;
  let chi = alive * vec3f(rows[chi_at].x, rows[chi_at + pitch].x, rows[chi_at + (SYSTEMS - 1u) * pitch].x);
  let met_a = a_times_w();
  let met_b = b_times_w();
  let met_c = c_times_w();
  for (var b = 0u; b < BLOCKS; b++) {
    gc[b] += (chi.z - met_c.z) * wc[b] - met_c.x * wa[b] - met_c.y * wb[b];
  }
  for (var b = 0u; b < BLOCKS; b++) { gb[b] += (chi.y - met_b.y) * wb[b] - met_b.x * wa[b]; }
  for (var b = 0u; b < BLOCKS; b++) { ga[b] += (chi.x - met_a.x) * wa[b]; }
  for (var k = 0u; k < launch.systems; k++) {
    let here = basis_at + (known + k) * row_pitch();
    for (var b = 0u; b < BLOCKS; b++) { basis[here + b * LANES] = choice(k, wa[b], wb[b], wc[b]); }
    let below = here + row_pitch();
    for (var b = 0u; b < BLOCKS; b++) { images[below + b * LANES] = choice(k, ga[b], gb[b], gc[b]); }
  }
  // From here on (T - X'X) v in the place of the g.
  for (var b = 0u; b < BLOCKS; b++) {
    gc[b] = launch.weight * wc[b] - met_a.z * ga[b] - met_b.z * gb[b] - chi.z * gc[b];
  }
  for (var b = 0u; b < BLOCKS; b++) { gb[b] = launch.weight * wb[b] - met_a.y * ga[b] - chi.y * gb[b]; }
  for (var b = 0u; b < BLOCKS; b++) { ga[b] = launch.weight * wa[b] - chi.x * ga[b]; }
  for (var l = 0u; l <= known; l++) {
    read_image(l);
    g_less_old(w_times_old());
  }
  for (var b = 0u; b < BLOCKS; b++) {
    let inverse = inverse_mean(b);
    wa[b] = inverse * ga[b];
    wb[b] = inverse * gb[b];
    wc[b] = inverse * gc[b];
  }
}

fn choice(k: u32, a: vec4f, b: vec4f, c: vec4f) -> vec4f {
  return select(select(c, b, k == 1u), a, k == 0u);
}

// Products of a g with the three w.
fn a_times_w() -> vec3f {
  var x = vec4f(0.0);
  var y = vec4f(0.0);
  var z = vec4f(0.0);
  for (var b = 0u; b < BLOCKS; b++) { x = fma(ga[b], wa[b], x); }
  for (var b = 0u; b < BLOCKS; b++) { y = fma(ga[b], wb[b], y); }
  for (var b = 0u; b < BLOCKS; b++) { z = fma(ga[b], wc[b], z); }
  return total(vec3f(four(x), four(y), four(z)));
}

fn b_times_w() -> vec3f {
  var x = vec4f(0.0);
  var y = vec4f(0.0);
  var z = vec4f(0.0);
  for (var b = 0u; b < BLOCKS; b++) { x = fma(gb[b], wa[b], x); }
  for (var b = 0u; b < BLOCKS; b++) { y = fma(gb[b], wb[b], y); }
  for (var b = 0u; b < BLOCKS; b++) { z = fma(gb[b], wc[b], z); }
  return total(vec3f(four(x), four(y), four(z)));
}

fn c_times_w() -> vec3f {
  var x = vec4f(0.0);
  var y = vec4f(0.0);
  var z = vec4f(0.0);
  for (var b = 0u; b < BLOCKS; b++) { x = fma(gc[b], wa[b], x); }
  for (var b = 0u; b < BLOCKS; b++) { y = fma(gc[b], wb[b], y); }
  for (var b = 0u; b < BLOCKS; b++) { z = fma(gc[b], wc[b], z); }
  return total(vec3f(four(x), four(y), four(z)));
}

// Columns known - SYSTEMS .. known - 1 of P^-1 A along the v, made triangular by the reflectors of all columns; what is left of the
// right-hand sides below the triangle. One lane does it for all.
@diagnostic(off, subgroup_uniformity)
fn triangulate(known: u32, factor: mat3x3f, tail: mat3x3f) -> mat3x3f {
  var left = mat3x3f();
  if (place == 0u) { left = triangulate_alone(known, factor, tail); }
  return mat3x3f(subgroupBroadcast(left[0], 0u), subgroupBroadcast(left[1], 0u), subgroupBroadcast(left[2], 0u));
}

// Of the memory of the triangle.
fn line() -> u32 { return launch.capacity + 8u; }
fn newest_at() -> u32 { return upper_at; }
fn reflectors_at() -> u32 { return upper_at + line(); }
fn sides_at() -> u32 { return upper_at + 2u * line(); }
fn columns_at(done: u32) -> u32 { return upper_at + (3u + done / SYSTEMS) * line(); }

// Six rows of a column.
struct Six { a: vec3f, b: vec3f }

fn triangulate_alone(known: u32, factor: mat3x3f, tail: mat3x3f) -> mat3x3f {
  let done = known - SYSTEMS;
  let reflectors = reflectors_at();
  let triangle = columns_at(done);
  let r0 = entries(known, 0u, factor);
  let r1 = entries(known, 1u, factor);
  let r2 = entries(known, 2u, factor);
  let r3 = entries(known, 3u, factor);
  var x = vec4f(r0.x, r1.x, r2.x, r3.x);
  var y = vec4f(r0.y, r1.y, r2.y, r3.y);
  var z = vec4f(r0.z, r1.z, r2.z, r3.z);
  for (var c = 0u; c < done; c++) {
    let f = upper[reflectors + c];
    x = reflected(x, f);
    y = reflected(y, f);
    z = reflected(z, f);
    upper[triangle + c] = vec4f(x.x, y.x, z.x, 0.0);
    let next = entries(known, c + 4u, factor);
    x = vec4f(x.yzw, next.x);
    y = vec4f(y.yzw, next.y);
    z = vec4f(z.yzw, next.z);
  }
  let r4 = entries(known, done + 4u, factor);
  let r5 = entries(known, done + 5u, factor);
  var columns = array<Six, 6>(
    Six(x.xyz, vec3f(x.w, r4.x, r5.x)),
    Six(y.xyz, vec3f(y.w, r4.y, r5.y)),
    Six(z.xyz, vec3f(z.w, r4.z, r5.z)),
    Six(tail[0], vec3f(0.0)),
    Six(tail[1], vec3f(0.0)),
    Six(tail[2], vec3f(0.0)),
  );
  let zero = reflector(vec4f(columns[0].a, columns[0].b.x));
  for (var k = 0u; k < 6u; k++) {
    let h = reflected(vec4f(columns[k].a, columns[k].b.x), zero);
    columns[k] = Six(h.xyz, vec3f(h.w, columns[k].b.yz));
  }
  let one = reflector(vec4f(columns[1].a.yz, columns[1].b.xy));
  for (var k = 1u; k < 6u; k++) {
    let h = reflected(vec4f(columns[k].a.yz, columns[k].b.xy), one);
    columns[k] = Six(vec3f(columns[k].a.x, h.xy), vec3f(h.zw, columns[k].b.z));
  }
  var two = vec4f(0.0);
  if (SYSTEMS == 3u) {
    two = reflector(vec4f(columns[2].a.z, columns[2].b));
    for (var k = 2u; k < 6u; k++) {
      let h = reflected(vec4f(columns[k].a.z, columns[k].b), two);
      columns[k] = Six(vec3f(columns[k].a.xy, h.x), h.yzw);
    }
  }
  upper[reflectors + done] = zero;
  upper[reflectors + done + 1u] = one;
  upper[triangle + done] = vec4f(columns[0].a.x, columns[1].a.x, columns[2].a.x, 0.0);
  upper[triangle + done + 1u] = vec4f(0.0, columns[1].a.y, columns[2].a.y, 0.0);
  let sides = sides_at() + done;
  upper[sides] = vec4f(columns[3].a.x, columns[4].a.x, columns[5].a.x, 0.0);
  upper[sides + 1u] = vec4f(columns[3].a.y, columns[4].a.y, columns[5].a.y, 0.0);
  if (SYSTEMS == 2u) {
    return mat3x3f(
      vec3f(columns[3].a.z, columns[3].b.x, 0.0),
      vec3f(columns[4].a.z, columns[4].b.x, 0.0),
      vec3f(0.0),
    );
  }
  upper[reflectors + done + 2u] = two;
  upper[triangle + done + 2u] = vec4f(0.0, 0.0, columns[2].a.z, 0.0);
  upper[sides + 2u] = vec4f(columns[3].a.z, columns[4].a.z, columns[5].a.z, 0.0);
  return mat3x3f(columns[3].b, columns[4].b, columns[5].b);
}

// Row r of the newest columns of P^-1 A along the v.
fn entries(known: u32, r: u32, factor: mat3x3f) -> vec3f {
  if (r < known) {
    let k = r + SYSTEMS - known;
    return vec3f(f32(k == 0u), f32(k == 1u), f32(k == 2u)) - upper[newest_at() + r].xyz;
  }
  let n = r - known;
  let chosen = vec3f(f32(n == 0u), f32(n == 1u), f32(n == 2u));
  return -(chosen * factor);
}

// Solves with the triangle: x = sum_i side_i v_i for the three systems.
fn substitute(known: u32) {
  let sides = sides_at();
  for (var end = known; end > 0u; end -= SYSTEMS) {
    let first = end - SYSTEMS;
    let triangle = columns_at(first);
    var z = vec3f(0.0);
    if (SYSTEMS == 3u) {
      z = upper[sides + first + 2u].xyz / upper[triangle + first + 2u].z;
      upper[sides + first + 2u] = vec4f(z, 0.0);
    }
    let second = upper[triangle + first + 1u];
    let y = (upper[sides + first + 1u].xyz - second.z * z) / second.y;
    upper[sides + first + 1u] = vec4f(y, 0.0);
    let row = upper[triangle + first];
    let x = (upper[sides + first].xyz - row.y * y - row.z * z) / row.x;
    upper[sides + first] = vec4f(x, 0.0);
    for (var i = 0u; i < first; i++) {
      let r = upper[triangle + i];
      upper[sides + i] -= vec4f(r.x * x + r.y * y + r.z * z, 0.0);
    }
  }
}

@diagnostic(off, subgroup_uniformity)
fn answer(known: u32) {
  let h = (2u * trial + 1u) * launch.columns4;
  for (var b = 0u; b < blocks(); b++) {
    wa[b] = vec4f(0.0);
    wb[b] = vec4f(0.0);
    wc[b] = f32(SYSTEMS - 2u) * there(b) * vectors[h + column(b)];
  }
  for (var i = 0u; i < known; i++) {
    var own = vec4f(0.0);
    if (place == 0u) { own = upper[sides_at() + i]; }
    let c = subgroupBroadcast(own, 0u);
    let at = basis_at + i * row_pitch();
    for (var b = 0u; b < blocks(); b++) {
      let v = basis[at + b * LANES];
      wa[b] += c.x * v;
      wb[b] += c.y * v;
      wc[b] -= c.z * v;
    }
  }
  // Label errors have the length chi_T.
  let length = rows[rows_at + launch.columns4].x;
  let squares = vec3f(1.0, length * length, 1.0) * squares_of_w();
  let products = vec3f(length, 1.0, length) * products_of_w();
  if (place == 0u) {
    let at = launch.response_offset + trial;
    for (var k = 0u; k < 3u; k++) {
      responses[at + k * launch.trials] = squares[k];
      responses[at + (3u + k) * launch.trials] = products[k];
    }
  }
}
