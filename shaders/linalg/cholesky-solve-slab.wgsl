// Solves U'U x = b where the factor lies in slabs, the rows of each in a buffer of its own: the rows of one slab, one way.
//   reads         matrix[i][j], i < 4 * rows4, of rows and columns from `first` on, row length 4 * stride4;
//                 inverses[i / 16][c][k] as vec4 over k, both of one trial;
//                 sides[rhs][trial][i], row length `order`, right-hand sides `layers` trials apart, `count` of them
//   updates       unknowns[rhs / 16][trial][i][rhs % 16] as vec4 over rhs: begun from the sides where FORWARDS and `first` is 0
//   writes        solutions[rhs][trial][i], same layout as sides, where not FORWARDS and `first` is 0
//   grid          x: 1 workgroup; y: trial; z: 16 right-hand sides
//   error bound   as cholesky-solve.wgsl, whose sums these are, in the same order
//   follows       rank-one.wgsl, rows-memory.wgsl or rows-broadcast.wgsl, solve-sixteen.wgsl
// Forwards from the first slab to the last, then backwards: unknowns of later slabs are settled by then.

override FORWARDS: bool = true;

@compute @workgroup_size(LANES)
fn main(lane: Lane, @builtin(workgroup_id) group: vec3u) {
  let stride4 = launch.stride4;
  let rows4 = launch.rows4;
  let order = launch.order;
  let number = group.z * launch.layers + group.y;
  factor = 16u * group.y * rows4 * stride4;
  blocks = 16u * group.y * rows4;
  x = 4u * (number * order + launch.first);
  let live = min(16u, launch.count - 16u * group.z);
  let side = (16u * group.z * launch.layers + group.y) * order;
  let next = launch.layers * order;
  if (FORWARDS) {
    for (var item = lane.index; item < 4u * order && launch.first == 0u; item += LANES) {
      // Where fewer than sixteen are left the last one stands in for the missing.
      let at = vec4u(side + item / 4u) + next * min(vec4u(4u * (item % 4u)) + vec4u(0u, 1u, 2u, 3u), vec4u(live - 1u));
      unknowns[x + item] = vec4f(sides[at.x], sides[at.y], sides[at.z], sides[at.w]);
    }
    storageBarrier();
    workgroupBarrier();
    for (var panel4 = 0u; panel4 < rows4; panel4 += 4u) {
      settle(panel4, lane, true);
      spread(panel4, panel4 + 4u, stride4, lane, true);
    }
    return;
  }
  for (var done = 0u; done < stride4; done += 4u) {
    let panel4 = stride4 - 4u - done;
    if (panel4 < rows4) { settle(panel4, lane, false); }
    spread(panel4, 0u, min(panel4, rows4), lane, false);
  }
  for (var item = lane.index; item < live * order && launch.first == 0u; item += LANES) {
    let r = item / order;
    let i = item % order;
    solutions[side + r * next + i] = unknowns[x + 4u * i + r / 4u][r % 4u];
  }
}
