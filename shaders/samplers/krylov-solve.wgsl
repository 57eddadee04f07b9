// Krylov sampler: one ridge of one trial, from the first direction to the answer, in one workgroup.
//   formula       (X'X + M L) x = b for b = -M L^(1/2) w0, X'z/||z||, M L h; X standard normal, L = diag(1/s), s the eigenvalues
//                 of Sigma, M = penalty. The whitened error of a fit to labels of w0 + a L^(1/2) h with noise is
//                 e_w + noise e_z + a e_h, where e_w and e_z/||z|| are the first two x and e_h = h - the third
//   reads         vectors[trial][0][j] = L^(1/2) w0, [1][j] = h as vec4 over j, row length 4 * columns4; inverses[j] = 1/s_j, 0
//                 beyond the data; rows[trial][l][j] = g_l as vec4 over j, and behind each of them chi_{T - l}, 0, 0, 0
//   writes        responses[k][trial] from `response_offset`, k: e_w.e_w, e_z.e_z, e_h.e_h, e_w.e_z, e_w.e_h, e_z.e_h;
//                 statuses[trial] from `status_offset`: 1 if a system has not come to its end within `directions`
//   scratch       basis[trial][i][j] = v_i, images[trial][l][j] = X'u_l; upper[trial][c][r], columns c of a triangle, their
//                 reflectors below the diagonal, three columns of right-hand sides behind the last
//   grid          x: trial
//   error bound   a system ends at ||P^-1 (b - A x)|| <= tolerance times the shorter of P^-1 b and, of the third, h - P^-1 b
//
// With A = X'X + M L and P = T + M L, its mean, the v are an orthonormal basis of what P^-1 b and powers of P^-1 A make of it, all
// systems together: block Arnoldi. X is drawn only along them. Given what is known, X v is fixed along the known u and is chi times
// a new u beside them; X'u is known along the known v and standard normal beside them (Lu, arXiv:2101.07464):
//                 u_l'X v_i = g_l.v_i (l < i), chi_{T-l} (l = i), 0 (l > i);   X'u_l = g_l + chi_{T-l} v_l - sum_{i <= l} (g_l.v_i) v_i
// Along the v, P^-1 A is a block Hessenberg matrix. Reflectors make it triangular as it grows and leave the residuals
// behind: GMRES.

// Systems solved together; without a chain of generators there are only two, and the third is zero.
override SYSTEMS: u32 = 3u;
override LANES: u32 = 64u;
// Lanes that share an inner product.
override SEGMENTS: u32 = 8u;
// Directions there is room for.
override CAPACITY: u32 = 64u;

// If less than this share of a square is left beside the v known before, or beside those of the same step, it is projected again:
// rounding grows with the root in the first case and as it stands in the second.
const LITTLE = 0.01;
const LITTLE_BESIDE = 0.1;
// If then less than this is left, it was nothing but rounding, and the vector becomes zero.
const NOTHING = 0.25;

// Along each v or u: what is taken out of the directions, and out of the g, or what X makes of them.
var<workgroup> along: array<f32, 6 * (CAPACITY + 4)>;
var<workgroup> partial: array<f32, 12 * LANES>;
var<workgroup> staged: array<f32, SUMS * MOST_RUNS>;
var<workgroup> sums: array<f32, SUMS>;
var<workgroup> block: array<vec3f, 6>;
var<workgroup> flag: u32;

const SUMS = 9u;
// Numbers that a lane adds up, and how many lanes at most share one sum.
const RUN = 16u;
const MOST_RUNS = 16u;

// Four columns of the three systems.
struct Trio { a: vec4f, b: vec4f, c: vec4f }
// Six rows of a column.
struct Six { a: vec3f, b: vec3f }

var<private> lane: u32;
var<private> trial: u32;
var<private> basis_at: u32;
var<private> rows_at: u32;
var<private> upper_at: u32;
// 1 for each of the newest v that is not zero.
var<private> alive: vec3f;
// Squares that residuals are compared with.
var<private> scales: vec3f;

@compute @workgroup_size(LANES)
fn main(@builtin(local_invocation_index) index: u32, @builtin(workgroup_id) group: vec3u) {
  lane = index;
  trial = launch.first_group + group.x;
  basis_at = trial * CAPACITY * launch.columns4;
  rows_at = trial * CAPACITY * (launch.columns4 + 1u);
  upper_at = trial * (CAPACITY + 3u) * (CAPACITY + 8u);
  begin();
  var tail = mat3x3f();
  var known = 0u;
  var goes_on = 0u;
  loop {
    let factor = extend(known);
    if (known == 0u) {
      tail = factor;
    } else {
      tail = triangulate(known, factor, tail);
    }
    let residuals = vec3f(dot(tail[0], tail[0]), dot(tail[1], tail[1]), dot(tail[2], tail[2]));
    if (lane == 0u) { flag = u32(any(residuals > launch.tolerance * launch.tolerance * scales)); }
    goes_on = workgroupUniformLoad(&flag);
    if (goes_on == 0u || known + 2u * SYSTEMS >= launch.directions) { break; }
    reveal(known);
    known += SYSTEMS;
  }
  if (lane == 0u) { statuses[launch.status_offset + trial] = goes_on; }
  substitute(known);
  answer(known);
}

// P^-1 b behind the v, of which there are none yet, and the first row.
fn begin() {
  for (var q = lane; q < launch.columns4; q += LANES) {
    let penalty = launch.penalty * inverses[q];
    let inverse = 1.0 / (launch.weight + penalty);
    let own = 2u * trial * launch.columns4 + q;
    let noise = rows[rows_at + q];
    images[basis_at + q] = noise;
    put_newest(0u, q, Trio(
      -launch.penalty * inverse * vectors[own],
      inverse * noise,
      penalty * inverse * vectors[own + launch.columns4],
    ));
  }
  storageBarrier();
}

// Makes the vectors behind the known v orthonormal to them and to each other: what they were are the v times `along`, and the
// newest v times the triangle returned. Takes the known v out of the next g, too.
fn extend(known: u32) -> mat3x3f {
  var factor = mat3x3f(1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0);
  for (var attempt = 0u; attempt < 2u; attempt++) {
    project(known, attempt);
    workgroupBarrier();
    subtract(known, attempt);
    total(SUMS);
    // Gram and Schmidt by Cholesky; before: squares with what was taken out.
    let before = vec3f(sums[0], sums[1], select(sums[2], sums[8], known == 0u));
    let squares = vec3f(sums[3], sums[6], sums[8]);
    if (known == 0u && attempt == 0u) { scales = vec3f(sums[3], sums[6], min(sums[2], sums[8])); }
    let least = select(vec3f(1e-30), NOTHING * before, attempt == 1u);
    let a = pivot(squares.x, least.x);
    let ab = sums[4] * a;
    let ac = sums[5] * a;
    let b_square = squares.y - ab * ab;
    let b = pivot(b_square, least.y);
    let bc = (sums[7] - ab * ac) * b;
    let c_square = squares.z - ac * ac - bc * bc;
    let c = select(0.0, pivot(c_square, least.z), SYSTEMS == 3u);
    alive = select(vec3f(0.0), vec3f(1.0), vec3f(a, b, c) > vec3f(0.0));
    let little = (squares < LITTLE * before) | (vec3f(squares.x, b_square, c_square) < LITTLE_BESIDE * squares);
    if (lane == 0u) { flag = u32(attempt == 0u && any(little & (alive > vec3f(0.0)))); }
    for (var q = lane; q < launch.columns4; q += LANES) {
      let w = newest(known, q);
      let v = a * w.a;
      let u = b * (w.b - ab * v);
      put_newest(known, q, Trio(v, u, c * (w.c - ac * v - bc * u)));
    }
    if (attempt == 1u) {
      for (var i = lane; i < known; i += LANES) {
        let more = vec3f(along[6u * i + 3u], along[6u * i + 4u], along[6u * i + 5u]) * factor;
        along[6u * i] += more.x;
        along[6u * i + 1u] += more.y;
        along[6u * i + 2u] += more.z;
      }
    }
    factor = mat3x3f(squares.x * a, 0.0, 0.0, ab, b_square * b, 0.0, ac, bc, c_square * c) * factor;
    storageBarrier();
    if (workgroupUniformLoad(&flag) == 0u) { break; }
  }
  return factor;
}

fn pivot(square: f32, least: f32) -> f32 {
  return select(0.0, inverseSqrt(square), square > least);
}

// along[i] = v_i times the three vectors behind the known v, and times the next g. The second time only the former, in the place of the latter.
fn project(known: u32, attempt: u32) {
  let pitch = launch.columns4;
  let next = rows_at + (known + 1u) * (pitch + 1u);
  for (var start = 0u; start < known; start += 2u * LANES / SEGMENTS) {
    let row = start + 2u * (lane / SEGMENTS);
    var first = array<vec3f, 2>();
    var second = array<vec3f, 2>();
    if (row < known) {
      let at = basis_at + row * pitch;
      let step = select(0u, pitch, row + 1u < known);
      for (var q = lane % SEGMENTS; q < pitch; q += SEGMENTS) {
        let v = basis[at + q];
        let u = basis[at + step + q];
        let w = newest(known, q);
        first[0] += dots(w, v);
        second[0] += dots(w, u);
        if (attempt == 0u) {
          let g = Trio(rows[next + q], rows[next + pitch + 1u + q], rows[next + (SYSTEMS - 1u) * (pitch + 1u) + q]);
          first[1] += dots(g, v);
          second[1] += dots(g, u);
        }
      }
    }
    if (attempt == 1u) {
      first[1] = first[0];
      second[1] = second[0];
    }
    collect(start, known, attempt, first, second);
  }
}

// The same for rows X'u_l and the newest v, l < count.
fn project_images(known: u32, count: u32) {
  let pitch = launch.columns4;
  for (var start = 0u; start < count; start += 2u * LANES / SEGMENTS) {
    let row = start + 2u * (lane / SEGMENTS);
    var first = array<vec3f, 2>();
    var second = array<vec3f, 2>();
    if (row < count) {
      let at = basis_at + row * pitch;
      let step = select(0u, pitch, row + 1u < count);
      for (var q = lane % SEGMENTS; q < pitch; q += SEGMENTS) {
        let v = newest(known, q);
        first[1] += dots(v, images[at + q]);
        second[1] += dots(v, images[at + step + q]);
      }
    }
    collect(start, count, 1u, first, second);
  }
}

// Sums over the lanes that share a row, of two rows a lane from `start` on, into along[row], row < count; with `half` only the second half.
fn collect(start: u32, count: u32, half: u32, first: array<vec3f, 2>, second: array<vec3f, 2>) {
  if (SEGMENTS == 1u) {
    let row = start + 2u * lane;
    if (row < count) { put_along(row, half, first[0], first[1]); }
    if (row + 1u < count) { put_along(row + 1u, half, second[0], second[1]); }
    return;
  }
  let parts = array<vec3f, 4>(first[0], first[1], second[0], second[1]);
  for (var k = 0u; k < 4u; k++) {
    partial[3u * k * LANES + lane] = parts[k].x;
    partial[(3u * k + 1u) * LANES + lane] = parts[k].y;
    partial[(3u * k + 2u) * LANES + lane] = parts[k].z;
  }
  workgroupBarrier();
  for (var item = lane; item < 12u * LANES / SEGMENTS; item += LANES) {
    let group = item / 12u;
    let k = item % 12u;
    var sum = 0.0;
    for (var n = 0u; n < SEGMENTS; n++) { sum += partial[k * LANES + group * SEGMENTS + n]; }
    let row = start + 2u * group + k / 6u;
    if (row < count && (half == 0u || k % 6u >= 3u)) { along[6u * row + k % 6u] = sum; }
  }
  workgroupBarrier();
}

fn put_along(row: u32, half: u32, a: vec3f, b: vec3f) {
  let at = 6u * row;
  if (half == 0u) {
    along[at] = a.x;
    along[at + 1u] = a.y;
    along[at + 2u] = a.z;
  }
  along[at + 3u] = b.x;
  along[at + 4u] = b.y;
  along[at + 5u] = b.z;
}

// Takes the known v out of the three vectors behind them and out of the next g, which become rows behind the known ones. Sums: squares
// of the vectors before that, and their inner products afterwards.
fn subtract(known: u32, attempt: u32) {
  let pitch = launch.columns4;
  let next = rows_at + (known + 1u) * (pitch + 1u);
  let out = basis_at + (known + 1u) * pitch;
  let shift = 3u * attempt;
  var before = vec3f(0.0);
  var squares = vec3f(0.0);
  var products = vec3f(0.0);
  for (var q = lane; q < pitch; q += LANES) {
    var w = newest(known, q);
    var g = Trio(rows[next + q], rows[next + pitch + 1u + q], rows[next + (SYSTEMS - 1u) * (pitch + 1u) + q]);
    before += vec3f(dot(w.a, w.a), dot(w.b, w.b), dot(w.c, w.c));
    for (var i = 0u; i < known; i++) {
      let v = basis[basis_at + i * pitch + q];
      let at = 6u * i;
      w = Trio(w.a - along[at + shift] * v, w.b - along[at + shift + 1u] * v, w.c - along[at + shift + 2u] * v);
      g = Trio(g.a - along[at + 3u] * v, g.b - along[at + 4u] * v, g.c - along[at + 5u] * v);
    }
    if (known == 0u && attempt == 0u && SYSTEMS == 3u) {
      let rest = vectors[(2u * trial + 1u) * pitch + q] - w.c;
      before.z += dot(rest, rest) - dot(w.c, w.c);
    }
    squares += vec3f(dot(w.a, w.a), dot(w.b, w.b), dot(w.c, w.c));
    products += vec3f(dot(w.a, w.b), dot(w.a, w.c), dot(w.b, w.c));
    put_newest(known, q, w);
    if (attempt == 0u) {
      images[out + q] = g.a;
      images[out + pitch + q] = g.b;
      if (SYSTEMS == 3u) { images[out + 2u * pitch + q] = g.c; }
    }
  }
  partial[lane] = before.x;
  partial[LANES + lane] = before.y;
  partial[2u * LANES + lane] = before.z;
  partial[3u * LANES + lane] = squares.x;
  partial[4u * LANES + lane] = products.x;
  partial[5u * LANES + lane] = products.y;
  partial[6u * LANES + lane] = squares.y;
  partial[7u * LANES + lane] = products.z;
  partial[8u * LANES + lane] = squares.z;
}

// sums[k] = sum of what the lanes have put into partial[k], k < count.
fn total(count: u32) {
  workgroupBarrier();
  let runs = (LANES + RUN - 1u) / RUN;
  for (var item = lane; item < count * runs; item += LANES) {
    let first = item / runs * LANES + item % runs * RUN;
    var sum = 0.0;
    for (var n = 0u; n < min(RUN, LANES); n++) { sum += partial[first + n]; }
    if (LANES > RUN) { staged[item] = sum; } else { sums[item] = sum; }
  }
  workgroupBarrier();
  if (LANES > RUN) {
    if (lane < count) {
      var sum = 0.0;
      for (var n = 0u; n < runs; n++) { sum += staged[lane * runs + n]; }
      sums[lane] = sum;
    }
    workgroupBarrier();
  }
}

// The rows that the newest v bring, and P^-1 (T - X'X) v behind them.
fn reveal(known: u32) {
  let pitch = launch.columns4;
  project_images(known, known + 1u + SYSTEMS);
  workgroupBarrier();
  // Products of the next g, the v taken out, with the newest v.
  let at = 6u * (known + 1u);
  let a = vec3f(along[at + 3u], along[at + 4u], along[at + 5u]);
  let b = vec3f(along[at + 9u], along[at + 10u], along[at + 11u]);
  let c = vec3f(along[at + 15u], along[at + 16u], along[at + 17u]);
  let chi_at = rows_at + (known + 1u) * (pitch + 1u) + pitch;
  let chi = alive * vec3f(rows[chi_at].x, rows[chi_at + pitch + 1u].x, rows[chi_at + (SYSTEMS - 1u) * (pitch + 1u)].x);
  let out = basis_at + (known + 1u) * pitch;
  for (var q = lane; q < pitch; q += LANES) {
    let v = newest(known, q);
    var sum = Trio(-launch.weight * v.a, -launch.weight * v.b, -launch.weight * v.c);
    for (var l = 0u; l <= known; l++) {
      let x = images[basis_at + l * pitch + q];
      sum = Trio(sum.a + along[6u * l + 3u] * x, sum.b + along[6u * l + 4u] * x, sum.c + along[6u * l + 5u] * x);
    }
    let x = images[out + q] + (chi.x - a.x) * v.a;
    let y = images[out + pitch + q] - b.x * v.a + (chi.y - b.y) * v.b;
    images[out + q] = x;
    images[out + pitch + q] = y;
    sum = Trio(sum.a + chi.x * x, sum.b + a.y * x + chi.y * y, sum.c);
    if (SYSTEMS == 3u) {
      let z = images[out + 2u * pitch + q] - c.x * v.a - c.y * v.b + (chi.z - c.z) * v.c;
      images[out + 2u * pitch + q] = z;
      sum.c += a.z * x + b.z * y + chi.z * z;
    }
    let inverse = -1.0 / (launch.weight + launch.penalty * inverses[q]);
    put_newest(known + SYSTEMS, q, Trio(inverse * sum.a, inverse * sum.b, inverse * sum.c));
  }
  storageBarrier();
}

// Columns known - SYSTEMS .. known - 1 of P^-1 A along the v, made triangular by the reflectors of all columns; what is left of the
// right-hand sides below the triangle.
fn triangulate(known: u32, factor: mat3x3f, tail: mat3x3f) -> mat3x3f {
  let pitch = CAPACITY + 8u;
  let done = known - SYSTEMS;
  if (lane < SYSTEMS) {
    let last = select(select(factor[2], factor[1], lane == 1u), factor[0], lane == 0u);
    var h = vec4f(entry(known, 0u, last), entry(known, 1u, last), entry(known, 2u, last), entry(known, 3u, last));
    for (var c = 0u; c < done; c++) {
      let at = upper_at + c * pitch + c + 1u;
      h = reflected(h, vec4f(upper[at], upper[at + 1u], upper[at + 2u], upper[at + 3u]));
      upper[upper_at + (done + lane) * pitch + c] = h.x;
      h = vec4f(h.yzw, entry(known, c + 4u, last));
    }
    block[2u * lane] = h.xyz;
    block[2u * lane + 1u] = vec3f(h.w, entry(known, done + 4u, last), entry(known, done + 5u, last));
  }
  workgroupBarrier();
  var columns = array<Six, 6>(
    Six(block[0], block[1]),
    Six(block[2], block[3]),
    Six(block[4], block[5]),
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
  if (lane == 0u) {
    for (var k = 0u; k < SYSTEMS; k++) {
      let at = upper_at + (done + k) * pitch + done;
      upper[at] = columns[k].a.x;
      if (k > 0u) { upper[at + 1u] = columns[k].a.y; }
      if (k > 1u) { upper[at + 2u] = columns[k].a.z; }
      let f = select(select(two, one, k == 1u), zero, k == 0u);
      for (var n = 0u; n < 4u; n++) { upper[at + k + 1u + n] = f[n]; }
    }
    for (var k = 0u; k < 3u; k++) {
      let at = upper_at + (CAPACITY + k) * pitch + done;
      for (var n = 0u; n < SYSTEMS; n++) { upper[at + n] = columns[3u + k].a[n]; }
    }
  }
  if (SYSTEMS == 2u) {
    return mat3x3f(
      vec3f(columns[3].a.z, columns[3].b.x, 0.0),
      vec3f(columns[4].a.z, columns[4].b.x, 0.0),
      vec3f(0.0),
    );
  }
  return mat3x3f(columns[3].b, columns[4].b, columns[5].b);
}

// Row r of a lane's column of P^-1 A along the v.
fn entry(known: u32, r: u32, last: vec3f) -> f32 {
  if (r < known) { return select(0.0, 1.0, r + SYSTEMS == known + lane) - along[6u * r + lane]; }
  let k = r - known;
  return -select(select(select(0.0, last.z, k == 2u), last.y, k == 1u), last.x, k == 0u);
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

// Solves with the triangle: x = sum_i along[i] v_i for the three systems, in the second half of `along`.
fn substitute(known: u32) {
  let pitch = CAPACITY + 8u;
  storageBarrier();
  for (var i = lane; i < known; i += LANES) {
    for (var k = 0u; k < 3u; k++) { along[6u * i + k] = upper[upper_at + (CAPACITY + k) * pitch + i]; }
  }
  workgroupBarrier();
  for (var c = known; c > 0u; c--) {
    let column = upper_at + (c - 1u) * pitch;
    let at = 6u * (c - 1u);
    let y = vec3f(along[at], along[at + 1u], along[at + 2u]) / upper[column + c - 1u];
    if (lane == 0u) { put_along(c - 1u, 1u, y, y); }
    for (var i = lane; i < c - 1u; i += LANES) {
      let r = upper[column + i];
      along[6u * i] -= r * y.x;
      along[6u * i + 1u] -= r * y.y;
      along[6u * i + 2u] -= r * y.z;
    }
    workgroupBarrier();
  }
}

fn answer(known: u32) {
  let pitch = launch.columns4;
  var squares = vec3f(0.0);
  var products = vec3f(0.0);
  for (var q = lane; q < pitch; q += LANES) {
    var e = Trio();
    if (SYSTEMS == 3u) { e.c = vectors[(2u * trial + 1u) * pitch + q]; }
    for (var i = 0u; i < known; i++) {
      let v = basis[basis_at + i * pitch + q];
      let at = 6u * i + 3u;
      e = Trio(e.a + along[at] * v, e.b + along[at + 1u] * v, e.c - along[at + 2u] * v);
    }
    squares += vec3f(dot(e.a, e.a), dot(e.b, e.b), dot(e.c, e.c));
    products += vec3f(dot(e.a, e.b), dot(e.a, e.c), dot(e.b, e.c));
  }
  for (var k = 0u; k < 3u; k++) {
    partial[k * LANES + lane] = squares[k];
    partial[(3u + k) * LANES + lane] = products[k];
  }
  total(6u);
  if (lane < 6u) {
    // Label errors have the length chi_T.
    let length = rows[rows_at + pitch].x;
    let factor = select(select(1.0, length, lane == 3u || lane == 5u), length * length, lane == 1u);
    responses[launch.response_offset + lane * launch.trials + trial] = factor * sums[lane];
  }
}

// The vectors behind the known v.
fn newest(known: u32, q: u32) -> Trio {
  let at = basis_at + known * launch.columns4 + q;
  var third = vec4f(0.0);
  if (SYSTEMS == 3u) { third = basis[at + 2u * launch.columns4]; }
  return Trio(basis[at], basis[at + launch.columns4], third);
}

fn put_newest(known: u32, q: u32, w: Trio) {
  let at = basis_at + known * launch.columns4 + q;
  basis[at] = w.a;
  basis[at + launch.columns4] = w.b;
  if (SYSTEMS == 3u) { basis[at + 2u * launch.columns4] = w.c; }
}

fn dots(w: Trio, v: vec4f) -> vec3f {
  return vec3f(dot(w.a, v), dot(w.b, v), dot(w.c, v));
}
