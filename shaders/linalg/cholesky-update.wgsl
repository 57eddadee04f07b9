// What is left of a matrix once a block of rows of its Cholesky factor is taken out, upper triangle, in tiles of TILE_ROWS rows and 4 columns per lane.
//   formula       R[i][j] = A[i][j] - sum_{begun <= k < end} U[k][i] U[k][j],  j >= i >= end;  A is the Gram matrix where `begun` is 0, else R
//   reads         gram[trial][i][j] as vec4 over j, row length 4 * stride4; matrix[trial][k][j], same layout: rows of U
//   updates       matrix[trial][i][j], rows `end` to `rows`; whole 16 x 16 blocks on the diagonal
//   writes        diagonals[trial][p][i][j] as vec4 over j: the 16 x 16 blocks on the diagonal once more
//   grid          x: workgroups of LANES quads of columns, all of the row block of `end`, then of the next, ...; a block has those from its diagonal on; y: trial
//   expects       a multiple of TILE_ROWS for `end`
//   error bound   |R - exact| <= (end - begun + 2) eps (|A| + |U|'|U|)
//   follows       rank-one.wgsl, rows-memory.wgsl, rows-broadcast.wgsl or rows-wide.wgsl

var<private> base: u32;
var<private> rows4: u32;
var<private> column: u32;

fn source(row: u32, quarter: u32) -> vec4f {
  return matrix[base + row * launch.stride4 + rows4 + quarter];
}

fn beside(row: u32) -> vec4f {
  return matrix[base + row * launch.stride4 + column];
}

@compute @workgroup_size(LANES)
fn main(lane: Lane, @builtin(workgroup_id) group: vec3u) {
  let stride4 = launch.stride4;
  let place = triangle_block(launch.first_group + group.x, launch.end / TILE_ROWS, (launch.rows + TILE_ROWS - 1u) / TILE_ROWS - 1u);
  rows4 = TILE_ROWS / 4u * place.x;
  base = group.y * stride4 * 4u * stride4;
  let wanted = rows4 + place.y * LANES + lane.index;
  column = min(wanted, stride4 - 1u);
  clear_tile();
  add_rows(launch.begun, launch.end, lane);
  for (var q = 0u; q < quads(); q++) {
    let row4 = rows4 + q;
    // Of the block of 16 rows.
    let first = row4 / 4u * 4u;
    if (wanted < stride4 && 4u * row4 < launch.rows && column >= first) {
      let diagonal = 16u * (group.y * stride4 + row4) + column - first;
      put(base + 4u * row4 * stride4 + column, diagonal, column < first + 4u, head());
    }
    advance();
  }
}

fn put(at: u32, diagonal: u32, is_diagonal: bool, sums: mat4x4f) {
  for (var e = 0u; e < 4u; e++) {
    let place = at + e * launch.stride4;
    var rest = -sums[e];
    if (launch.begun == 0u) { rest += gram[place]; } else { rest += matrix[place]; }
    matrix[place] = rest;
    if (is_diagonal) { diagonals[diagonal + 4u * e] = rest; }
  }
}
