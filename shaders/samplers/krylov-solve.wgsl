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
//   follows       krylov-reflectors.wgsl, and krylov-memory.wgsl or krylov-broadcast.wgsl
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
// Whether a lane takes two of them at a time.
override PAIRED: bool = true;
// At least `capacity`, the directions there is room for.
override CAPACITY: u32 = 64u;
// At least columns4 where the newest vectors stand in workgroup memory; 0 where they are too long for that and stand behind the others.
override WIDTH: u32 = 0u;

// If less than this share of a square is left beside the v known before, or beside those of the same step, it is projected again:
// rounding grows with the root in the first case and as it stands in the second.
const LITTLE = 0.01;
const LITTLE_BESIDE = 0.1;
// If then less than this is left, it was nothing but rounding, and the vector becomes zero.
const NOTHING = 0.25;

// Along each v or u: what is taken out of the directions, and out of the g, or what X makes of them.
var<workgroup> along: array<f32, 6 * (CAPACITY + 4)>;
var<workgroup> partial: array<f32, SUMS * LANES>;
var<workgroup> staged: array<f32, SUMS * (1 + LANES / RUN)>;
// The newest three v, or what becomes of them, and the next three g.
var<workgroup> newest: array<vec4f, 6 * WIDTH + 1>;
var<workgroup> sums: array<f32, SUMS>;
var<workgroup> block: array<vec3f, 6>;
var<workgroup> flag: u32;

const SUMS = 18u;
// Numbers that a lane adds up.
const RUN = 16u;

// Four columns of the three systems.
struct Trio { a: vec4f, b: vec4f, c: vec4f }
// Six rows of a column.
struct Six { a: vec3f, b: vec3f }
// Products of a row with the newest v, and with the next g.
struct Pair { a: vec3f, b: vec3f }

var<private> lane: u32;
var<private> trial: u32;
var<private> basis_at: u32;
var<private> rows_at: u32;
var<private> upper_at: u32;
// 1 for each of the newest v that is not zero.
var<private> alive: vec3f;
// Products of the newest v with each of the next g, the known v taken out.
var<private> met: mat3x3f;
// Squares that residuals are compared with.
var<private> scales: vec3f;

@compute @workgroup_size(LANES)
fn main(own: Lane, @builtin(workgroup_id) group: vec3u) {
  lane = own.index;
  keep_place(own);
  trial = launch.first_group + group.x;
  basis_at = trial * launch.capacity * launch.columns4;
  rows_at = trial * launch.capacity * (launch.columns4 + 1u);
  upper_at = trial * (launch.capacity + 3u) * (launch.capacity + 8u);
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
    put_newest(0u, 0u, q, Trio(
      -launch.penalty * inverse * vectors[own],
      inverse * noise,
      penalty * inverse * vectors[own + launch.columns4],
    ));
  }
}

// The next g into their place. The bound of the loop comes with the launch: unrolled, it takes some compilers long.
fn fetch(known: u32) {
  let pitch = launch.columns4 + 1u;
  for (var q = lane; q < launch.columns4; q += LANES) {
    for (var k = 0u; k < launch.systems; k++) {
      put_one(1u, known + 1u, k, q, rows[rows_at + (known + 1u + k) * pitch + q]);
    }
  }
  storageBarrier();
  workgroupBarrier();
}

// Makes the vectors behind the known v orthonormal to them and to each other: what they were are the v times `along`, and the
// newest v times the triangle returned. Takes the known v out of the next g, too.
fn extend(known: u32) -> mat3x3f {
  fetch(known);
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
      let w = get_newest(0u, known, q);
      let v = a * w.a;
      let u = b * (w.b - ab * v);
      put_newest(0u, known, q, Trio(v, u, c * (w.c - ac * v - bc * u)));
    }
    for (var k = 0u; k < SYSTEMS; k++) {
      let x = a * sums[9u + 3u * k];
      let y = b * (sums[10u + 3u * k] - ab * x);
      met[k] = vec3f(x, y, c * (sums[11u + 3u * k] - ac * x - bc * y));
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
    // Waits for workgroup memory, too.
    if (workgroupUniformLoad(&flag) == 0u) { break; }
  }
  return factor;
}

// along[i] = v_i times the three vectors behind the known v, and times the next g. The second time only the former, in the place of the latter.
fn project(known: u32, attempt: u32) {
  let pitch = launch.columns4;
  for (var start = 0u; start < known; start += rows_at_once()) {
    let row = start + first_row();
    let at = basis_at + row * pitch;
    var first = Pair();
    var second = Pair();
    for (var block = 0u; block < pitch; block += SEGMENTS) {
      let q = block + lane % SEGMENTS;
      let w = shared_newest(0u, known, q);
      let g = shared_newest(1u, known + 1u, q);
      if (row < known && (SEGMENTS == 1u || q < pitch)) { first = with_pair(first, w, g, basis[at + q]); }
      if (PAIRED && row + 1u < known && (SEGMENTS == 1u || q < pitch)) { second = with_pair(second, w, g, basis[at + pitch + q]); }
    }
    if (attempt == 1u) {
      first.b = first.a;
      second.b = second.a;
    }
    collect(start, known, attempt, first, second);
  }
}

// The same, second half, for the known rows X'u_l and the newest v.
fn project_images(known: u32) {
  let pitch = launch.columns4;
  for (var start = 0u; start <= known; start += rows_at_once()) {
    let row = start + first_row();
    let at = basis_at + row * pitch;
    var first = Pair();
    var second = Pair();
    for (var block = 0u; block < pitch; block += SEGMENTS) {
      let q = block + lane % SEGMENTS;
      let v = shared_newest(0u, known, q);
      if (row <= known && (SEGMENTS == 1u || q < pitch)) { first.b = with_row(first.b, v, images[at + q]); }
      if (PAIRED && row < known && (SEGMENTS == 1u || q < pitch)) { second.b = with_row(second.b, v, images[at + pitch + q]); }
    }
    collect(start, known + 1u, 1u, first, second);
  }
}

fn with_pair(sum: Pair, w: Trio, g: Trio, v: vec4f) -> Pair {
  return Pair(with_row(sum.a, w, v), with_row(sum.b, g, v));
}

fn with_row(sum: vec3f, w: Trio, v: vec4f) -> vec3f {
  let x = fma(vec3f(w.a.x, w.b.x, w.c.x), vec3f(v.x), sum);
  let y = fma(vec3f(w.a.y, w.b.y, w.c.y), vec3f(v.y), x);
  let z = fma(vec3f(w.a.z, w.b.z, w.c.z), vec3f(v.z), y);
  return fma(vec3f(w.a.w, w.b.w, w.c.w), vec3f(v.w), z);
}

fn first_row() -> u32 {
  return select(1u, 2u, PAIRED) * (lane / SEGMENTS);
}

fn rows_at_once() -> u32 {
  return select(1u, 2u, PAIRED) * LANES / SEGMENTS;
}

// Sums over the lanes that share a row, one or two rows a lane from `start` on, into along[row], row < count; if `half` is 1 only the
// second half.
fn collect(start: u32, count: u32, half: u32, first: Pair, second: Pair) {
  if (SEGMENTS == 1u) {
    let row = start + first_row();
    if (row < count) { put_along(row, half, first.a, first.b); }
    if (PAIRED && row + 1u < count) { put_along(row + 1u, half, second.a, second.b); }
    return;
  }
  let parts = array<vec3f, 4>(first.a, first.b, second.a, second.b);
  for (var k = 0u; k < 4u; k++) {
    partial[3u * k * LANES + lane] = parts[k].x;
    partial[(3u * k + 1u) * LANES + lane] = parts[k].y;
    partial[(3u * k + 2u) * LANES + lane] = parts[k].z;
  }
  workgroupBarrier();
  for (var item = lane; item < 6u * rows_at_once(); item += LANES) {
    let k = item % 6u;
    let row = item / 6u;
    let begin_at = select(item % 12u * LANES + row / 2u * SEGMENTS, k * LANES + row * SEGMENTS, !PAIRED);
    var sum = 0.0;
    for (var n = 0u; n < SEGMENTS; n++) { sum += partial[begin_at + n]; }
    if (start + row < count && (half == 0u || k >= 3u)) { along[6u * (start + row) + k] = sum; }
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

// Takes the known v out of the three vectors behind them and out of the next g. Sums: squares of the vectors before that; afterwards
// their inner products, and each g with them.
fn subtract(known: u32, attempt: u32) {
  let pitch = launch.columns4;
  let shift = 3u * attempt;
  var before = vec3f(0.0);
  var squares = vec3f(0.0);
  var products = vec3f(0.0);
  var met_a = vec3f(0.0);
  var met_b = vec3f(0.0);
  var met_c = vec3f(0.0);
  for (var start = 0u; start < pitch; start += LANES) {
    let there = start + lane < pitch;
    let q = min(start + lane, pitch - 1u);
    var w = get_newest(0u, known, q);
    var g = get_newest(1u, known + 1u, q);
    let old = vec3f(dot(w.a, w.a), dot(w.b, w.b), dot(w.c, w.c));
    for (var i = 0u; i < known; i++) {
      let v = basis[basis_at + i * pitch + q];
      let c = shared_along(i);
      w = less(w, select(c.a, c.b, attempt == 1u), v);
      g = less(g, select(c.b, vec3f(0.0), attempt == 1u), v);
    }
    if (there) {
      before += old;
      if (known == 0u && attempt == 0u && SYSTEMS == 3u) {
        let rest = vectors[(2u * trial + 1u) * pitch + q] - w.c;
        before.z += dot(rest, rest) - dot(w.c, w.c);
      }
      squares += vec3f(dot(w.a, w.a), dot(w.b, w.b), dot(w.c, w.c));
      products += vec3f(dot(w.a, w.b), dot(w.a, w.c), dot(w.b, w.c));
      met_a += dots(w, g.a);
      met_b += dots(w, g.b);
      met_c += dots(w, g.c);
      put_newest(0u, known, q, w);
      put_newest(1u, known + 1u, q, g);
    }
  }
  let parts = array<vec3f, 6>(
    before,
    vec3f(squares.x, products.xy),
    vec3f(squares.y, products.z, squares.z),
    met_a,
    met_b,
    met_c,
  );
  for (var k = 0u; k < 6u; k++) {
    partial[3u * k * LANES + lane] = parts[k].x;
    partial[(3u * k + 1u) * LANES + lane] = parts[k].y;
    partial[(3u * k + 2u) * LANES + lane] = parts[k].z;
  }
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

// The rows that the newest v bring, and P^-1 (T - X'X) v in the place of those v.
fn reveal(known: u32) {
  let pitch = launch.columns4;
  project_images(known);
  workgroupBarrier();
  let chi_at = rows_at + (known + 1u) * (pitch + 1u) + pitch;
  let chi = alive * vec3f(rows[chi_at].x, rows[chi_at + pitch + 1u].x, rows[chi_at + (SYSTEMS - 1u) * (pitch + 1u)].x);
  for (var start = 0u; start < pitch; start += LANES) {
    let q = min(start + lane, pitch - 1u);
    let v = get_newest(0u, known, q);
    var sum = Trio(launch.weight * v.a, launch.weight * v.b, launch.weight * v.c);
    for (var l = 0u; l <= known; l++) { sum = less(sum, shared_along(l).b, images[basis_at + l * pitch + q]); }
    if (start + lane < pitch) {
      let g = get_newest(1u, known + 1u, q);
      let x = g.a + (chi.x - met[0].x) * v.a;
      let y = g.b - met[1].x * v.a + (chi.y - met[1].y) * v.b;
      let z = g.c - met[2].x * v.a - met[2].y * v.b + (chi.z - met[2].z) * v.c;
      put_newest(1u, known + 1u, q, Trio(x, y, z));
      if (WIDTH > 0u) {
        for (var k = 0u; k < launch.systems; k++) {
          basis[basis_at + (known + k) * pitch + q] = newest[k * WIDTH + q];
          images[basis_at + (known + 1u + k) * pitch + q] = newest[(3u + k) * WIDTH + q];
        }
      }
      let inverse = 1.0 / (launch.weight + launch.penalty * inverses[q]);
      put_newest(0u, known + SYSTEMS, q, Trio(
        inverse * (sum.a - chi.x * x),
        inverse * (sum.b - met[0].y * x - chi.y * y),
        inverse * (sum.c - met[0].z * x - met[1].z * y - chi.z * z),
      ));
    }
  }
}

// Columns known - SYSTEMS .. known - 1 of P^-1 A along the v, made triangular by the reflectors of all columns; what is left of the
// right-hand sides below the triangle.
fn triangulate(known: u32, factor: mat3x3f, tail: mat3x3f) -> mat3x3f {
  let pitch = launch.capacity + 8u;
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
      let at = upper_at + (launch.capacity + k) * pitch + done;
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

// Solves with the triangle: x = sum_i along[i] v_i for the three systems, in the second half of `along`.
fn substitute(known: u32) {
  let pitch = launch.capacity + 8u;
  storageBarrier();
  for (var i = lane; i < known; i += LANES) {
    for (var k = 0u; k < 3u; k++) { along[6u * i + k] = upper[upper_at + (launch.capacity + k) * pitch + i]; }
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
  for (var start = 0u; start < pitch; start += LANES) {
    let q = min(start + lane, pitch - 1u);
    var e = Trio();
    if (SYSTEMS == 3u) { e.c = vectors[(2u * trial + 1u) * pitch + q]; }
    for (var i = 0u; i < known; i++) {
      e = less(e, vec3f(-1.0, -1.0, 1.0) * shared_along(i).b, basis[basis_at + i * pitch + q]);
    }
    if (start + lane < pitch) {
      squares += vec3f(dot(e.a, e.a), dot(e.b, e.b), dot(e.c, e.c));
      products += vec3f(dot(e.a, e.b), dot(e.a, e.c), dot(e.b, e.c));
    }
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

// One of them.
fn one_newest(kind: u32, known: u32, number: u32, q: u32) -> vec4f {
  if (WIDTH > 0u) { return newest[(3u * kind + number) * WIDTH + q]; }
  let at = basis_at + (known + min(number, SYSTEMS - 1u)) * launch.columns4 + q;
  let there = f32(number < SYSTEMS);
  if (kind == 0u) { return there * basis[at]; }
  return there * images[at];
}

// Of kind 0 the three vectors behind `known` v, of kind 1 those behind so many rows.
fn get_newest(kind: u32, known: u32, q: u32) -> Trio {
  if (WIDTH > 0u) {
    let at = 3u * kind * WIDTH + q;
    return Trio(newest[at], newest[at + WIDTH], f32(SYSTEMS - 2u) * newest[at + 2u * WIDTH]);
  }
  let at = basis_at + known * launch.columns4 + q;
  let last = at + (SYSTEMS - 1u) * launch.columns4;
  let there = f32(SYSTEMS - 2u);
  if (kind == 0u) { return Trio(basis[at], basis[at + launch.columns4], there * basis[last]); }
  return Trio(images[at], images[at + launch.columns4], there * images[last]);
}

fn put_newest(kind: u32, known: u32, q: u32, w: Trio) {
  put_one(kind, known, 0u, q, w.a);
  put_one(kind, known, 1u, q, w.b);
  if (SYSTEMS == 3u) { put_one(kind, known, 2u, q, w.c); }
}

fn put_one(kind: u32, known: u32, number: u32, q: u32, w: vec4f) {
  let at = basis_at + (known + number) * launch.columns4 + q;
  if (WIDTH > 0u) {
    newest[(3u * kind + number) * WIDTH + q] = w;
  } else if (kind == 0u) {
    basis[at] = w;
  } else {
    images[at] = w;
  }
}

fn less(w: Trio, c: vec3f, v: vec4f) -> Trio {
  return Trio(fma(vec4f(-c.x), v, w.a), fma(vec4f(-c.y), v, w.b), fma(vec4f(-c.z), v, w.c));
}

fn dots(w: Trio, v: vec4f) -> vec3f {
  return vec3f(dot(w.a, v), dot(w.b, v), dot(w.c, v));
}
