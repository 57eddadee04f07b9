// Sixteen unknowns of sixteen right-hand sides at a time, by the factor and the inverted diagonal blocks of cholesky-panel.wgsl.
//   reads         matrix[i][j] from `factor`, row length 4 * stride4; inverses[i / 16][c][k] as vec4 over k from `blocks`
//   updates       unknowns[i][rhs] as vec4 over rhs from `x`
//   follows       rank-one.wgsl, rows-memory.wgsl or rows-broadcast.wgsl

var<private> factor: u32;
var<private> blocks: u32;
var<private> x: u32;
// In the factor: the first of the lane's columns, and how far it is from a row to the next and from a column to the next.
var<private> begin: u32;
var<private> row_step: u32;
var<private> column_step: u32;

fn source(row: u32, quarter: u32) -> vec4f {
  return unknowns[x + 4u * row + quarter];
}

fn beside(row: u32) -> vec4f {
  let at = begin + row * row_step;
  return vec4f(matrix[at], matrix[at + column_step], matrix[at + 2u * column_step], matrix[at + 3u * column_step]);
}

// Multiplies 16 unknowns by the inverted block, or by its transpose; 16 lanes have 4 x 4 of them each.
fn settle(panel4: u32, lane: Lane, forwards: bool) {
  let rows = lane.index / 4u;
  let at = x + 16u * panel4 + lane.index % 4u;
  let first = blocks + 16u * panel4 + select(rows, 16u * rows, forwards);
  var y = mat4x4f();
  if (lane.index < 16u) {
    for (var k = 0u; k < four(); k++) {
      let b = mat4x4f(unknowns[at + 16u * k], unknowns[at + 16u * k + 4u], unknowns[at + 16u * k + 8u], unknowns[at + 16u * k + 12u]);
      let origin = first + select(16u * k, k, forwards);
      let l = mat4x4f(inverses[origin], inverses[origin + 4u], inverses[origin + 8u], inverses[origin + 12u]);
      y += b * turned(l, !forwards);
    }
  }
  storageBarrier();
  workgroupBarrier();
  if (lane.index < 16u) {
    unknowns[at + 16u * rows] = y[0];
    unknowns[at + 16u * rows + 4u] = y[1];
    unknowns[at + 16u * rows + 8u] = y[2];
    unknowns[at + 16u * rows + 12u] = y[3];
  }
  storageBarrier();
  workgroupBarrier();
}

fn turned(m: mat4x4f, turn: bool) -> mat4x4f {
  let t = transpose(m);
  let yes = vec4<bool>(turn);
  return mat4x4f(select(m[0], t[0], yes), select(m[1], t[1], yes), select(m[2], t[2], yes), select(m[3], t[3], yes));
}

// Subtracts what 16 settled unknowns contribute to those of columns `first` up to `end`.
fn spread(panel4: u32, first: u32, end: u32, lane: Lane, forwards: bool) {
  let row = 4u * panel4;
  let stride = 4u * launch.stride4;
  row_step = select(1u, stride, forwards);
  column_step = select(stride, 1u, forwards);
  stage(row, lane);
  for (var quad = first; quad < end; quad += LANES) {
    let wanted = quad + lane.index;
    let column = min(wanted, end - 1u);
    clear_tile();
    begin = factor + 4u * column * column_step;
    add_sixteen(row, lane);
    for (var q = 0u; q < four(); q++) {
      let t = transpose(head());
      let out = x + 16u * wanted + q;
      if (wanted < end) {
        unknowns[out] -= t[0];
        unknowns[out + 4u] -= t[1];
        unknowns[out + 8u] -= t[2];
        unknowns[out + 12u] -= t[3];
      }
      advance();
    }
  }
  release();
  storageBarrier();
  workgroupBarrier();
}
