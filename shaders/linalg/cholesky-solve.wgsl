// Solves U'U x = b for several b with the factor and the inverted diagonal blocks of cholesky-panel.wgsl.
//   reads         matrix[trial][i][j], row length 4 * stride4; inverses[trial][i / 16][c][k] as vec4 over k;
//                 sides[rhs][trial][i], row length 4 * stride4, right-hand sides `layers` trials apart, `count` of them
//   uses          unknowns[rhs / 16][trial][i][rhs % 16] as vec4 over rhs
//   writes        solutions[rhs][trial][i], same layout as sides
//   grid          x: 1 workgroup; y: trial; z: 16 right-hand sides
//   error bound   ||A x - b|| <= 4 n eps ||U'|| ||U|| ||x||
//   follows       rank-one.wgsl, rows-memory.wgsl or rows-broadcast.wgsl
// One workgroup eliminates 16 unknowns of 16 right-hand sides at a time, forwards and then backwards: they are multiplied by
// the inverted block, and what they contribute to the others is a product with 16 rows of the factor, or with 16 columns.

var<private> factor: u32;
var<private> blocks: u32;
var<private> x: u32;

fn source(row: u32, quarter: u32) -> vec4f {
  return unknowns[x + 4u * row + quarter];
}

@compute @workgroup_size(LANES)
fn main(lane: Lane, @builtin(workgroup_id) group: vec3u) {
  let stride4 = launch.stride4;
  let stride = 4u * stride4;
  factor = group.y * stride * stride;
  blocks = 4u * group.y * stride;
  x = (group.z * launch.layers + group.y) * stride * 4u;
  let live = min(16u, launch.count - 16u * group.z);
  let side = (16u * group.z * launch.layers + group.y) * stride;
  let next = launch.layers * stride;
  for (var item = lane.index; item < 4u * stride; item += LANES) {
    let i = item / 4u;
    // Where fewer than sixteen are left the last one stands in for the missing.
    let at = vec4u(side + i) + next * min(vec4u(4u * (item % 4u)) + vec4u(0u, 1u, 2u, 3u), vec4u(live - 1u));
    unknowns[x + item] = vec4f(sides[at.x], sides[at.y], sides[at.z], sides[at.w]);
  }
  storageBarrier();
  workgroupBarrier();
  for (var done = 0u; done < 2u * stride4; done += 4u) {
    let forwards = done < stride4;
    let panel4 = select(2u * stride4 - 4u - done, done, forwards);
    settle(panel4, lane, forwards);
    spread(panel4, select(0u, panel4 + 4u, forwards), select(panel4, stride4, forwards), lane, forwards);
  }
  for (var item = lane.index; item < live * stride; item += LANES) {
    let r = item / stride;
    let i = item % stride;
    solutions[side + r * next + i] = unknowns[x + 4u * i + r / 4u][r % 4u];
  }
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
  stage(row, lane);
  for (var quad = first; quad < end; quad += LANES) {
    let wanted = quad + lane.index;
    let column = min(wanted, end - 1u);
    clear_tile();
    let start = factor + select(4u * column * stride + row, row * stride + 4u * column, forwards);
    let next = select(stride, 1u, forwards);
    for (var k = 0u; k < 16u; k++) {
      let at = start + select(k, k * stride, forwards);
      let columns = vec4f(matrix[at], matrix[at + next], matrix[at + 2u * next], matrix[at + 3u * next]);
      rank_one(entries(row, k, lane), columns);
    }
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
