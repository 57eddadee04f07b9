// Solves U'U x = b for four right-hand sides with the factor and the inverted diagonal blocks of cholesky-panel.wgsl.
//   reads         as cholesky-solve.wgsl
//   uses          unknowns[rhs / 4][trial][i] as vec4 over rhs
//   writes        solutions[rhs][trial][i], same layout as sides
//   grid          x: 1 workgroup; y: trial; z: 4 right-hand sides. Where SHARE < LANES, x: LANES / SHARE of `trials` trials each
//   error bound   as cholesky-solve.wgsl, whose sums these are, in the same order: a side has the same solution there
// Sixteen unknowns at a time are multiplied by the inverted block, a lane each, and handed to all through workgroup memory; every
// lane takes what they contribute out of four of the others. Two barriers for sixteen unknowns.

override LANES: u32 = 64u;
// Lanes that work on the same trial, 16 or more.
override SHARE: u32 = LANES;

// The unknowns that are settled.
var<workgroup> settled: array<vec4f, 16 * (LANES / SHARE)>;

var<private> factor: u32;
var<private> blocks: u32;
var<private> x: u32;

@compute @workgroup_size(LANES)
fn main(@builtin(local_invocation_index) index: u32, @builtin(workgroup_id) group: vec3u) {
  let slot = 16u * (index / SHARE);
  let lane = index % SHARE;
  let number = select(group.y, (launch.first_group + group.x) * (LANES / SHARE) + index / SHARE, SHARE < LANES);
  let live = number < launch.layers;
  let trial = min(number, launch.layers - 1u);
  let stride4 = launch.stride4;
  let stride = 4u * stride4;
  factor = trial * stride * stride4;
  blocks = trial * 4u * stride;
  x = (group.z * launch.layers + trial) * stride;
  let count = min(4u, launch.count - 4u * group.z);
  let side = (4u * group.z * launch.layers + trial) * stride;
  let next = launch.layers * stride;
  // Where fewer than four are left the last one stands in for the missing.
  let others = next * min(vec4u(0u, 1u, 2u, 3u), vec4u(count - 1u));
  for (var i = lane; i < stride && live; i += SHARE) {
    let at = vec4u(side + i) + others;
    unknowns[x + i] = vec4f(sides[at.x], sides[at.y], sides[at.z], sides[at.w]);
  }
  for (var done = 0u; done < 2u * stride4; done += 4u) {
    let forwards = done < stride4;
    let panel4 = select(2u * stride4 - 4u - done, done, forwards);
    storageBarrier();
    workgroupBarrier();
    if (lane < 16u) { settled[slot + lane] = settle(panel4, lane, forwards); }
    workgroupBarrier();
    if (lane < 16u && live) { unknowns[x + 4u * panel4 + lane] = settled[slot + lane]; }
    let end = select(panel4, stride4, forwards);
    for (var quad = select(0u, panel4 + 4u, forwards) + lane; quad < end && live; quad += SHARE) {
      if (forwards) { spread_forwards(panel4, quad, slot); } else { spread_backwards(panel4, quad, slot); }
    }
  }
  storageBarrier();
  workgroupBarrier();
  for (var item = lane; item < count * stride && live; item += SHARE) {
    let r = item / stride;
    let i = item % stride;
    solutions[side + r * next + i] = unknowns[x + i][r];
  }
}

// Unknown `row` of a panel: the row of the inverted block, or of its transpose, times all sixteen.
fn settle(panel4: u32, row: u32, forwards: bool) -> vec4f {
  let next = select(16u, 1u, forwards);
  var at = x + 4u * panel4;
  var entry = 4u * (blocks + 16u * panel4) + select(row, 16u * row, forwards);
  var y = vec4f(0.0);
  for (var k = 0u; k < 4u; k++) {
    let b = mat4x4f(unknowns[at], unknowns[at + 1u], unknowns[at + 2u], unknowns[at + 3u]);
    y += b * vec4f(inverses[entry], inverses[entry + next], inverses[entry + 2u * next], inverses[entry + 3u * next]);
    at += 4u;
    entry += 4u * next;
  }
  return y;
}

fn spread_forwards(panel4: u32, quad: u32, slot: u32) {
  var sum = mat4x4f();
  for (var k = 0u; k < 16u; k++) {
    let u = matrix[factor + (4u * panel4 + k) * launch.stride4 + quad];
    sum += outer(u, settled[slot + k]);
  }
  subtract(quad, sum);
}

fn spread_backwards(panel4: u32, quad: u32, slot: u32) {
  var sum = mat4x4f();
  let row = factor + 4u * quad * launch.stride4 + panel4;
  for (var k = 0u; k < 4u; k++) {
    let rows = mat4x4f(
      matrix[row + k],
      matrix[row + launch.stride4 + k],
      matrix[row + 2u * launch.stride4 + k],
      matrix[row + 3u * launch.stride4 + k],
    );
    let columns = transpose(rows);
    sum += outer(columns[0], settled[slot + 4u * k]);
    sum += outer(columns[1], settled[slot + 4u * k + 1u]);
    sum += outer(columns[2], settled[slot + 4u * k + 2u]);
    sum += outer(columns[3], settled[slot + 4u * k + 3u]);
  }
  subtract(quad, sum);
}

// A column for each entry of u.
fn outer(u: vec4f, unknown: vec4f) -> mat4x4f {
  return mat4x4f(u.x * unknown, u.y * unknown, u.z * unknown, u.w * unknown);
}

// From unknowns 4 quad .. 4 quad + 3.
fn subtract(quad: u32, sum: mat4x4f) {
  let at = x + 4u * quad;
  unknowns[at] -= sum[0];
  unknowns[at + 1u] -= sum[1];
  unknowns[at + 2u] -= sum[2];
  unknowns[at + 3u] -= sum[3];
}
