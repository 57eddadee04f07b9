// Solves L L' x = b with the factor and the inverted diagonal blocks of cholesky-*.wgsl.
//   reads         matrix[trial][i][j], row length `stride`; inverses[trial][i / 16][c][k];
//                 sides[rhs][trial][i], row length `stride`, right-hand sides `layers` trials apart
//   writes        solutions[rhs][trial][i], same layout
//   grid          x: 1 workgroup; y: trial; z: right-hand side
//   error bound   ||A x - b|| <= 4 n eps ||L|| ||L'|| ||x||
// One workgroup owns one right-hand side: it eliminates 16 unknowns at a time, forwards and then backwards.

var<workgroup> head: array<f32, 16>;
var<workgroup> solved: array<f32, 16>;

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) lane: u32, @builtin(workgroup_id) group: vec3u) {
  let stride = launch.stride;
  let factor = group.y * stride * stride;
  let blocks = group.y * stride * 16u;
  let x = (group.z * launch.layers + group.y) * stride;
  for (var i = lane; i < stride; i += 64u) { solutions[x + i] = sides[x + i]; }
  storageBarrier();
  workgroupBarrier();

  for (var panel = 0u; panel < stride; panel += 16u) {
    if (lane < 16u) { head[lane] = solutions[x + panel + lane]; }
    workgroupBarrier();
    if (lane < 16u) {
      var sum = 0.0;
      for (var k = 0u; k < 16u; k++) { sum += inverses[blocks + (panel + lane) * 16u + k] * head[k]; }
      solved[lane] = sum;
      solutions[x + panel + lane] = sum;
    }
    workgroupBarrier();
    for (var i = panel + 16u + lane; i < stride; i += 64u) {
      let row = factor + i * stride + panel;
      var sum = 0.0;
      for (var k = 0u; k < 16u; k++) { sum += matrix[row + k] * solved[k]; }
      solutions[x + i] -= sum;
    }
    storageBarrier();
    workgroupBarrier();
  }

  for (var done = 0u; done < stride; done += 16u) {
    let panel = stride - 16u - done;
    if (lane < 16u) { head[lane] = solutions[x + panel + lane]; }
    workgroupBarrier();
    if (lane < 16u) {
      var sum = 0.0;
      for (var k = 0u; k < 16u; k++) { sum += inverses[blocks + (panel + k) * 16u + lane] * head[k]; }
      solved[lane] = sum;
      solutions[x + panel + lane] = sum;
    }
    workgroupBarrier();
    for (var i = lane; i < panel; i += 64u) {
      var sum = 0.0;
      for (var k = 0u; k < 16u; k++) { sum += matrix[factor + (panel + k) * stride + i] * solved[k]; }
      solutions[x + i] -= sum;
    }
    storageBarrier();
    workgroupBarrier();
  }
}
