// What is left of a matrix once a block of rows of its Cholesky factor is taken out, upper triangle, in tiles of 16 rows and 4 columns per lane.
//   formula       R[i][j] = A[i][j] - sum_{begun <= k < end} U[k][i] U[k][j],  j >= i >= end;  A is the Gram matrix where `begun` is 0, else R
//   reads         gram[trial][i][j] as vec4 over j, row length 4 * stride4; matrix[trial][k][j], same layout: rows of U
//   updates       matrix[trial][i][j], rows `end` to `rows`; whole 16 x 16 blocks on the diagonal
//   writes        diagonals[trial][p][i][j] as vec4 over j: the 16 x 16 blocks on the diagonal once more
//   grid          x: workgroups of LANES quads of columns, all of row block end/16, then of the next, ...; block b has those from 4 b on; y: trial
//   error bound   |R - exact| <= (end - begun + 2) eps (|A| + |U|'|U|)
//   follows       rank-one.wgsl, rows-memory.wgsl or rows-broadcast.wgsl

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
  let place = triangle_block(launch.first_group + group.x, launch.end / 16u, launch.rows / 16u - 1u);
  rows4 = 4u * place.x;
  base = group.y * stride4 * 4u * stride4;
  let wanted = rows4 + place.y * LANES + lane.index;
  column = min(wanted, stride4 - 1u);
  clear_tile();
  add_rows(launch.begun, launch.end, lane);
  let out = base + 4u * rows4 * stride4 + column;
  let diagonal = 16u * (group.y * stride4 + rows4) + column - rows4;
  for (var q = 0u; q < quads(); q++) {
    if (wanted < stride4) { put(out + 4u * q * stride4, diagonal + 16u * q, column < rows4 + 4u, head()); }
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
