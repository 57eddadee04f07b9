// Product of two matrices over their rows, in tiles of TILE_ROWS rows and 4 columns per lane.
//   formula       C[i][j] = sum_t A[t][i] B[t][j]
//   reads         left[trial][t][i] as vec4 over i, row length 4 * left4; right[trial][t][j], row length 4 * right4; t < rows
//   writes        product[trial][i][j] as vec4 over j, row length 4 * right4, all 4 * left4 rows
//   grid          x: a workgroup for each block of TILE_ROWS rows and LANES quads of columns from 0 on, then for the next quads, ...; y: trial
//   error bound   |C - exact| <= (128 + rows/128 + 1) eps |A|'|B|, runs as in gram.wgsl
//   follows       rank-one.wgsl, rows-memory.wgsl, rows-broadcast.wgsl or rows-wide.wgsl

override RUN: u32 = 128u;

var<private> left_base: u32;
var<private> right_base: u32;

// Rows beyond the last one count as zero.
fn source(row: u32, quarter: u32) -> vec4f {
  return select(vec4f(0.0), left[left_base + min(row, launch.rows - 1u) * launch.left4 + quarter], row < launch.rows);
}

fn beside(row: u32) -> vec4f {
  return right[right_base + min(row, launch.rows - 1u) * launch.stride4];
}

@compute @workgroup_size(LANES)
fn main(lane: Lane, @builtin(workgroup_id) group: vec3u) {
  let g = launch.first_group + group.x;
  let blocks = (4u * launch.left4 + TILE_ROWS - 1u) / TILE_ROWS;
  let rows4 = TILE_ROWS / 4u * (g % blocks);
  let wanted = LANES * (g / blocks) + lane.index;
  let column = min(wanted, launch.stride4 - 1u);
  left_base = group.y * launch.rows * launch.left4 + rows4;
  right_base = group.y * launch.rows * launch.stride4 + column;
  let out = (group.y * launch.left4 + rows4) * 4u * launch.stride4 + column;
  for (var start = 0u; start < launch.rows; start += RUN) {
    clear_tile();
    add_rows(start, min(start + RUN, launch.rows), lane);
    for (var q = 0u; q < quads(); q++) {
      if (wanted < launch.stride4 && rows4 + q < launch.left4) { put(out + 4u * q * launch.stride4, start > 0u, head()); }
      advance();
    }
  }
}

fn put(at: u32, add: bool, sums: mat4x4f) {
  for (var e = 0u; e < 4u; e++) {
    let place = at + e * launch.stride4;
    if (add) { product[place] += sums[e]; } else { product[place] = sums[e]; }
  }
}
