// Left-looking Cholesky of a Gram matrix plus penalty: panels of 16 rows of the upper factor, one after the other.
//   formula       A = G + penalty I = U'U;  U_p = U_pp'^-1 (A_p - sum_{k < p} U_kp' U_k);  rows of A from `order` on are those of I
//                 rows of U before row `begun` are taken out of A already (cholesky-update.wgsl)
//   reads         gram[trial][i][j], j >= i, as vec4 over j, row length 4 * stride4; where `begun` is not 0 what is left of A in its
//                 place: matrix[trial][i][j], and for the diagonal block, which one workgroup writes and all read, diagonals[trial][p]
//   writes        matrix[trial][i][j]: U, same layout; nothing below the diagonal blocks
//                 inverses[trial][p][c][k] as vec4 over k: U_pp'^-1, 16 x 16, zero above the diagonal
//                 statuses[trial] from `status_offset`: 1 + index of the first pivot that is not positive and finite, or 0
//   grid          x: lanes of 4 columns each, cut into workgroups; y: trial. Where `panels` is not 1, one workgroup has all
//                 columns. Where SHARE < LANES, x: LANES / SHARE of `trials` trials each
//   error bound   |A - U'U| <= (order + 16) eps |U|'|U|, entry by entry
//   follows       rank-one.wgsl, rows-memory.wgsl or rows-broadcast.wgsl
// Four lanes of every workgroup carry the columns of the diagonal block, so that each workgroup can eliminate by itself; four
// more in the first one carry the columns of I, which become the inverted block. The block is eliminated in four steps of
// four rows: the 4 x 4 pivot block is factored by every lane for itself. A pivot is tested on its bits before the root
// (WGSL may assume that NaN does not occur). A bad one is replaced by what rounding may make of zero, 16 eps A_kk, so that the
// rest of the batch runs on; the status keeps the trial out of every mean, unless the fit is corrected.

var<workgroup> pivots: array<vec4f, 16 * (LANES / SHARE)>;
var<workgroup> block: array<vec4f, 64 * (LANES / SHARE)>;

var<private> trial: u32;
var<private> base: u32;
var<private> panel4: u32;
var<private> column: u32;
var<private> slot: u32;
var<private> status: u32;
var<private> reports: bool;

fn source(row: u32, quarter: u32) -> vec4f {
  return matrix[base + row * launch.stride4 + panel4 + quarter];
}

fn beside(row: u32) -> vec4f {
  return matrix[base + row * launch.stride4 + column];
}

@compute @workgroup_size(LANES)
fn main(lane: Lane, @builtin(workgroup_id) group: vec3u) {
  slot = lane.index / SHARE;
  let local = lane.index % SHARE;
  let g = select(launch.first_group + group.x, 0u, SHARE < LANES);
  let number = select(group.y, (launch.first_group + group.x) * (LANES / SHARE) + slot, SHARE < LANES);
  trial = min(number, launch.trials - 1u);
  let stride4 = launch.stride4;
  base = trial * stride4 * 4u * stride4;
  status = launch.status_offset + trial;
  reports = g == 0u && local == 0u && number < launch.trials;
  for (var p = 0u; p < launch.panels; p++) {
    let first4 = launch.panel4 + 4u * p;
    panel4 = first4;
    let diagonal = local < 4u;
    let identity = g == 0u && local >= 4u && local < 8u;
    // Columns behind the diagonal block begin at lane 8 of the first workgroup and at lane 4 of the others.
    let behind = panel4 + select(g * (SHARE - 4u) + local - 4u, local - 4u, g == 0u);
    let wanted = select(behind, panel4 + local, diagonal);
    let live = wanted < stride4 && !identity && number < launch.trials && (!diagonal || g == 0u);
    column = min(wanted, stride4 - 1u);
    clear_tile();
    add_rows(launch.begun, 4u * first4, lane);
    negate_tile(!identity);
    let unit = select(64u, 4u * (local - 4u), identity);
    let left = 4u * select(column - first4, 4u, identity);
    for (var s = 0u; s < 4u; s++) {
      let x = divide(s, local, left, rows_of(s, column, unit, diagonal));
      eliminate(s, x);
      if (live) { keep(base + 4u * (first4 + s) * stride4 + column, x); }
      if (identity && number < launch.trials) { keep_inverse(16u * (trial * stride4 + first4 + s) + local - 4u, x); }
    }
    storageBarrier();
    workgroupBarrier();
  }
}

// What was summed is to be subtracted; columns of I begin at zero.
fn negate_tile(summed: bool) {
  let sign = select(0.0, -1.0, summed);
  tile[0] *= sign; tile[1] *= sign; tile[2] *= sign; tile[3] *= sign;
  tile[4] *= sign; tile[5] *= sign; tile[6] *= sign; tile[7] *= sign;
  tile[8] *= sign; tile[9] *= sign; tile[10] *= sign; tile[11] *= sign;
  tile[12] *= sign; tile[13] *= sign; tile[14] *= sign; tile[15] *= sign;
}

const STEPS = vec4u(0u, 1u, 2u, 3u);
const EPS = 5.9604645e-8;

// Rows 4 s .. 4 s + 3 of the panel: of A, or of I where `unit` is below 64, plus the first rows of the tile.
fn rows_of(s: u32, column: u32, unit: u32, diagonal: bool) -> mat4x4f {
  return mat4x4f(
    given(4u * s, column, unit, diagonal) + tile[0],
    given(4u * s + 1u, column, unit, diagonal) + tile[1],
    given(4u * s + 2u, column, unit, diagonal) + tile[2],
    given(4u * s + 3u, column, unit, diagonal) + tile[3],
  );
}

fn given(j: u32, column: u32, unit: u32, diagonal: bool) -> vec4f {
  let row = 4u * panel4 + j;
  var value: vec4f;
  if (launch.begun == 0u) {
    value = gram[base + row * launch.stride4 + column];
  } else if (diagonal) {
    value = diagonals[16u * (trial * launch.stride4 + panel4) + 4u * j + column - panel4];
  } else {
    value = matrix[base + row * launch.stride4 + column];
  }
  let shifted = select(vec4f(1.0), value + launch.penalty, row < launch.order);
  let a = select(value, shifted, vec4u(4u * column) + STEPS == vec4u(row));
  return select(a, select(vec4f(0.0), vec4f(1.0), vec4u(unit) + STEPS == vec4u(j)), unit < 64u);
}

// Takes rows 4 s .. 4 s + 3, which are done, out of those below, which move up to the beginning of the tile.
fn eliminate(s: u32, x: mat4x4f) {
  var f = factors(s, (s + 1u) % 4u);
  tile[0] = tile[4] - x * f[0]; tile[1] = tile[5] - x * f[1]; tile[2] = tile[6] - x * f[2]; tile[3] = tile[7] - x * f[3];
  f = factors(s, (s + 2u) % 4u);
  tile[4] = tile[8] - x * f[0]; tile[5] = tile[9] - x * f[1]; tile[6] = tile[10] - x * f[2]; tile[7] = tile[11] - x * f[3];
  f = factors(s, (s + 3u) % 4u);
  tile[8] = tile[12] - x * f[0]; tile[9] = tile[13] - x * f[1]; tile[10] = tile[14] - x * f[2]; tile[11] = tile[15] - x * f[3];
}

// Rows 4 s .. 4 s + 3 of the panel, divided by their pivot block; lanes of the diagonal block hand them to all.
fn divide(s: u32, local: u32, left: u32, rows: mat4x4f) -> mat4x4f {
  let at = 16u * slot + 4u * s;
  if (local == s) {
    pivots[at] = rows[0]; pivots[at + 1u] = rows[1]; pivots[at + 2u] = rows[2]; pivots[at + 3u] = rows[3];
  }
  workgroupBarrier();
  let r0 = root_inverse(pivots[at].x, 4u * s);
  let u0 = pivots[at] * r0;
  let a1 = pivots[at + 1u] - u0.y * u0;
  let r1 = root_inverse(a1.y, 4u * s + 1u);
  let u1 = a1 * r1;
  let a2 = pivots[at + 2u] - u0.z * u0 - u1.z * u1;
  let r2 = root_inverse(a2.z, 4u * s + 2u);
  let u2 = a2 * r2;
  let a3 = pivots[at + 3u] - u0.w * u0 - u1.w * u1 - u2.w * u2;
  let r3 = root_inverse(a3.w, 4u * s + 3u);

  let x0 = rows[0] * r0;
  let x1 = (rows[1] - u0.y * x0) * r1;
  let x2 = (rows[2] - u0.z * x0 - u1.z * x1) * r2;
  let x3 = (rows[3] - u0.w * x0 - u1.w * x1 - u2.w * x2) * r3;
  let columns = vec4u(left) + STEPS;
  let x = mat4x4f(
    select(vec4f(0.0), x0, columns >= vec4u(4u * s)),
    select(vec4f(0.0), x1, columns >= vec4u(4u * s + 1u)),
    select(vec4f(0.0), x2, columns >= vec4u(4u * s + 2u)),
    select(vec4f(0.0), x3, columns >= vec4u(4u * s + 3u)),
  );
  let out = 64u * slot + 16u * s + local;
  if (local < 4u) { block[out] = x[0]; block[out + 4u] = x[1]; block[out + 8u] = x[2]; block[out + 12u] = x[3]; }
  workgroupBarrier();
  return x;
}

fn root_inverse(pivot: f32, index: u32) -> f32 {
  if (is_usable(pivot)) { return 1.0 / sqrt(pivot); }
  let row = 4u * panel4 + index;
  if (reports && statuses[status] == 0u) { statuses[status] = row + 1u; }
  let rounding = 16.0 * EPS * (gram[base + row * launch.stride4 + row / 4u][row % 4u] + launch.penalty);
  return select(1.0, 1.0 / sqrt(rounding), is_usable(rounding));
}

fn is_usable(pivot: f32) -> bool {
  return bitcast<u32>(pivot) - 0x00800000u < 0x7f000000u;
}

// Columns 4 q .. 4 q + 3 of rows 4 s .. 4 s + 3 of U_pp; matrix column e holds those of column e.
fn factors(s: u32, q: u32) -> mat4x4f {
  let at = 64u * slot + 16u * s + q;
  return transpose(mat4x4f(block[at], block[at + 4u], block[at + 8u], block[at + 12u]));
}

fn keep(at: u32, rows: mat4x4f) {
  let pitch = launch.stride4;
  matrix[at] = rows[0];
  matrix[at + pitch] = rows[1];
  matrix[at + 2u * pitch] = rows[2];
  matrix[at + 3u * pitch] = rows[3];
}

fn keep_inverse(at: u32, rows: mat4x4f) {
  inverses[at] = rows[0];
  inverses[at + 4u] = rows[1];
  inverses[at + 8u] = rows[2];
  inverses[at + 12u] = rows[3];
}
