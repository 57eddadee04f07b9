// Solves U'U x = b for several b with the factor and the inverted diagonal blocks of cholesky-panel.wgsl.
//   reads         matrix[trial][i][j], row length 4 * stride4; inverses[trial][i / 16][c][k] as vec4 over k;
//                 sides[rhs][trial][i], row length 4 * stride4, right-hand sides `layers` trials apart, `count` of them
//   uses          unknowns[rhs / 16][trial][i][rhs % 16] as vec4 over rhs
//   writes        solutions[rhs][trial][i], same layout as sides
//   grid          x: 1 workgroup; y: trial; z: 16 right-hand sides
//   error bound   ||A x - b|| <= 4 n eps ||U'|| ||U|| ||x||
//   follows       rank-one.wgsl, rows-memory.wgsl or rows-broadcast.wgsl, solve-sixteen.wgsl
// One workgroup eliminates 16 unknowns of 16 right-hand sides at a time, forwards and then backwards: they are multiplied by
// the inverted block, and what they contribute to the others is a product with 16 rows of the factor, or with 16 columns.

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
