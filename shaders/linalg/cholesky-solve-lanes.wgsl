// Solves U'U x = b with the factor of cholesky-lanes.wgsl, one side of one trial for every invocation.
//   reads         matrix[trial][i][j] as vec4 over j, row length 4 * stride4
//                 sides[rhs][trial][i] as vec4 over i, same row length, right-hand sides `layers` trials apart
//   writes        solutions[rhs][trial][i], same layout, zero from `order` rounded up to four on
//   grid          x: LANES of `layers` trials each; z: right-hand side
//   error bound   ||A x - b|| <= 4 n eps ||U'|| ||U|| ||x||

override LANES: u32 = 16u;

@compute @workgroup_size(LANES)
fn main(@builtin(local_invocation_index) lane: u32, @builtin(workgroup_id) group: vec3u) {
  let trial = (launch.first_group + group.x) * LANES + lane;
  if (trial >= launch.layers) { return; }
  let stride4 = launch.stride4;
  let quads = (launch.order + 3u) / 4u;
  let factor = trial * 4u * stride4 * stride4;
  let x = (group.z * launch.layers + trial) * stride4;
  for (var q = 0u; q < quads; q++) {
    var b = sides[x + q];
    for (var k = 0u; k < q; k++) {
      let above = factor + 4u * k * stride4 + q;
      b -= rows_at(above) * solutions[x + k];
    }
    let u = rows_at(factor + 4u * q * stride4 + q);
    let x0 = b.x / u[0].x;
    let x1 = (b.y - u[0].y * x0) / u[1].y;
    let x2 = (b.z - u[0].z * x0 - u[1].z * x1) / u[2].z;
    let x3 = (b.w - u[0].w * x0 - u[1].w * x1 - u[2].w * x2) / u[3].w;
    solutions[x + q] = vec4f(x0, x1, x2, x3);
  }
  for (var done = 0u; done < quads; done++) {
    let q = quads - 1u - done;
    let row = factor + 4u * q * stride4;
    var b = solutions[x + q];
    for (var k = q + 1u; k < quads; k++) { b -= solutions[x + k] * rows_at(row + k); }
    let u = rows_at(row + q);
    let x3 = b.w / u[3].w;
    let x2 = (b.z - u[2].w * x3) / u[2].z;
    let x1 = (b.y - u[1].z * x2 - u[1].w * x3) / u[1].y;
    let x0 = (b.x - u[0].y * x1 - u[0].z * x2 - u[0].w * x3) / u[0].x;
    solutions[x + q] = vec4f(x0, x1, x2, x3);
  }
  for (var q = quads; q < stride4; q++) { solutions[x + q] = vec4f(0.0); }
}

// Four rows of four entries: column i of the result is row i.
fn rows_at(at: u32) -> mat4x4f {
  let stride4 = launch.stride4;
  return mat4x4f(matrix[at], matrix[at + stride4], matrix[at + 2u * stride4], matrix[at + 3u * stride4]);
}
