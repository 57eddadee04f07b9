// Gram matrix of a block of designs, upper triangle, in tiles of TILE_ROWS rows and 4 columns per lane.
//   formula       G[i][j] = (accumulate ? G[i][j] : 0) + sum_t X[t][i] X[t][j],  j >= i
//   reads         design[trial][t][i] as vec4 over i, t < rows, row length 4 * stride4
//   updates       gram[trial][i][j] as vec4 over j; whole blocks of TILE_ROWS on the diagonal
//   grid          x: workgroups of LANES quads of columns, all of row block 0, then of 1, ...; block b has those from its diagonal on; y: trial
//   error bound   |G - exact| <= (128 + rows/128 + 2) eps |X|'|X|
//   follows       rank-one.wgsl, rows-memory.wgsl, rows-broadcast.wgsl or rows-wide.wgsl
// Rows are summed in runs of 128 that are then added up: less rounding, and the same bits however rows are cut in blocks.

override RUN: u32 = 128u;
// X is upper triangular: row t is zero before column t.
override TRIANGULAR: bool = false;

var<private> base: u32;
var<private> rows4: u32;
var<private> column: u32;
var<private> depth: u32;

// Rows beyond the last one count as zero.
fn source(row: u32, quarter: u32) -> vec4f {
  return select(vec4f(0.0), design[base + min(row, depth - 1u) * launch.stride4 + rows4 + quarter], row < depth);
}

fn beside(row: u32) -> vec4f {
  return design[base + min(row, depth - 1u) * launch.stride4 + column];
}

@compute @workgroup_size(LANES)
fn main(lane: Lane, @builtin(workgroup_id) group: vec3u) {
  let stride4 = launch.stride4;
  let place = triangle_block(launch.first_group + group.x, 0u, (4u * stride4 + TILE_ROWS - 1u) / TILE_ROWS - 1u);
  let b = place.x;
  rows4 = TILE_ROWS / 4u * b;
  depth = launch.rows;
  base = group.y * launch.rows * stride4;
  let wanted = rows4 + place.y * LANES + lane.index;
  column = min(wanted, stride4 - 1u);
  let out = (group.y * stride4 * 4u + 4u * rows4) * stride4 + column;
  let rows = select(launch.rows, min(launch.rows, TILE_ROWS * (b + 1u)), TRIANGULAR);
  for (var start = 0u; start < rows; start += RUN) {
    clear_tile();
    add_rows(start, min(start + RUN, rows), lane);
    let add = start > 0u || launch.accumulate != 0u;
    for (var q = 0u; q < quads(); q++) {
      if (wanted < stride4 && rows4 + q < stride4) { put(out + 4u * q * stride4, add, head()); }
      advance();
    }
  }
}

fn put(at: u32, add: bool, sums: mat4x4f) {
  let stride4 = launch.stride4;
  let yes = vec4<bool>(add);
  gram[at] = select(sums[0], gram[at] + sums[0], yes);
  gram[at + stride4] = select(sums[1], gram[at + stride4] + sums[1], yes);
  gram[at + 2u * stride4] = select(sums[2], gram[at + 2u * stride4] + sums[2], yes);
  gram[at + 3u * stride4] = select(sums[3], gram[at + 3u * stride4] + sums[3], yes);
}
