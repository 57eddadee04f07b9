// Inner products of the columns of two matrices, and a kernel of them, in tiles of TILE_ROWS rows and 4 columns per lane.
//   formula       C[i][j] = k(p), p = sum_t A[t][i] B[t][j];  MAP 0: p;  1: exp(-scale (a_i + b_j - 2 p));
//                 2: (scale p + shift)^degree;  3: max(0, p);  zero for i >= rows and for j >= columns
//   reads         left[t][i], right[t][j] as vec4 from their offsets, t < depth; left_norms[i] = a_i, right_norms[j] = b_j
//   updates       matrix[i][j] as vec4 over j from `offset4`, row length 4 * stride4; with `accumulate` C is added to it, MAP 0,
//                 or where SUBTRACT subtracted
//   grid          x: a workgroup for each block of TILE_ROWS rows and LANES quads of columns from 0 on, then for the next quads, ...; they stay in a cache
//   error bound   p: (128 + depth/128 + 2) eps sum |A||B|;  1: absolute scale (error of 2 p + 4 eps (a + b)) + 4 eps;
//                 2: relative degree (scale (error of p) / (scale p + shift) + 2 eps)
//   follows       rank-one.wgsl, rows-memory.wgsl, rows-broadcast.wgsl or rows-wide.wgsl
// Sums are taken in runs of 128 that are then added up in `matrix`, and k is applied with the last run.

override RUN: u32 = 128u;
override MAP: u32 = 0u;
// Leaves workgroups that lie wholly below the diagonal as they are.
override UPPER: bool = false;
override SUBTRACT: bool = false;

var<private> rows4: u32;
var<private> column: u32;

// Rows beyond the last one count as zero.
fn source(row: u32, quarter: u32) -> vec4f {
  let at = launch.left_offset4 + min(row, launch.depth - 1u) * launch.left_stride4 + rows4 + quarter;
  return select(vec4f(0.0), left[at], row < launch.depth);
}

fn beside(row: u32) -> vec4f {
  return right[launch.right_offset4 + min(row, launch.depth - 1u) * launch.right_stride4 + column];
}

@compute @workgroup_size(LANES)
fn main(lane: Lane, @builtin(workgroup_id) group: vec3u) {
  let g = launch.first_group + group.x;
  let blocks = (launch.rows + TILE_ROWS - 1u) / TILE_ROWS;
  let block = g % blocks;
  let first = LANES * (g / blocks);
  if (UPPER && first + LANES <= TILE_ROWS / 4u * block) { return; }
  rows4 = TILE_ROWS / 4u * block;
  let covered = (launch.rows + 15u) / 16u * 4u;
  let end = (launch.columns + 15u) / 16u * 4u;
  column = min(first + lane.index, end - 1u);
  let live = first + lane.index < end;
  let depth = launch.depth;
  for (var start = 0u; start < depth; start += RUN) {
    clear_tile();
    let stop = min(start + RUN, depth);
    add_rows(start, stop, lane);
    for (var q = 0u; q < quads(); q++) {
      if (live && rows4 + q < covered) { put(4u * (rows4 + q), column, start > 0u || launch.accumulate != 0u, stop == depth, head()); }
      advance();
    }
  }
}

fn put(row: u32, column: u32, add: bool, last: bool, sums: mat4x4f) {
  for (var e = 0u; e < 4u; e++) {
    let at = launch.offset4 + (row + e) * launch.stride4 + column;
    let signed = select(sums[e], -sums[e], SUBTRACT);
    let p = select(signed, matrix[at] + signed, add);
    if (last) { matrix[at] = finished(p, row + e, column); } else { matrix[at] = p; }
  }
}

fn finished(p: vec4f, row: u32, column: u32) -> vec4f {
  let wanted = (vec4u(4u * column) + vec4u(0u, 1u, 2u, 3u) < vec4u(launch.columns)) & vec4<bool>(row < launch.rows);
  return select(vec4f(0.0), mapped(p, row, column), wanted);
}

fn mapped(p: vec4f, row: u32, column: u32) -> vec4f {
  if (MAP == 1u) {
    let squares = left_norms[launch.left_first + row] + right_norms[launch.right_first4 + column];
    return exponential(-launch.scale * max(vec4f(0.0), squares - 2.0 * p));
  }
  if (MAP == 2u) {
    let base = launch.scale * p + launch.shift;
    var power = base;
    for (var d = 1u; d < launch.degree; d++) { power *= base; }
    return power;
  }
  if (MAP == 3u) { return max(vec4f(0.0), p); }
  return p;
}

// e^x for x <= 0, zero or as good as zero below -87: WGSL's own may be off by more, and as the argument grows.
// x = k ln 2 + r; ln 2 in two parts, the first with few bits so that k times it is exact; then Taylor's sum, |r| <= 0.35.
fn exponential(x: vec4f) -> vec4f {
  let y = max(x, vec4f(-87.0));
  let k = floor(y * 1.4426950 + 0.5);
  let r = (y - k * 0.693145751953125) - k * 1.4286068e-6;
  var sum = 1.0 + r / 7.0;
  sum = 1.0 + sum * r / 6.0;
  sum = 1.0 + sum * r / 5.0;
  sum = 1.0 + sum * r / 4.0;
  sum = 1.0 + sum * r / 3.0;
  sum = 1.0 + sum * r / 2.0;
  return bitcast<vec4f>(vec4u(vec4i(k) + vec4i(127)) << vec4u(23u)) * (1.0 + sum * r);
}
