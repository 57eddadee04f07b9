// Solves L L' x = b for several b with the factor and the inverted diagonal blocks of cholesky-*.wgsl.
//   reads         matrix[trial][i][j] as vec4 over j, row length 4 * stride4; inverses[trial][i / 16][c][k];
//                 sides[rhs][trial][i], row length 4 * stride4, right-hand sides `layers` trials apart, `count` of them
//   writes        solutions[rhs][trial][i], same layout
//   grid          x: 1 workgroup; y: trial; z: four right-hand sides
//   error bound   ||A x - b|| <= 4 n eps ||L|| ||L'|| ||x||
// One workgroup eliminates 16 unknowns at a time, forwards and then backwards, for four right-hand sides together, so that
// every entry of the factor is read once for four. A vec4 holds one unknown of all four.

var<workgroup> head: array<vec4f, 16>;
var<workgroup> solved: array<vec4f, 16>;

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) lane: u32, @builtin(workgroup_id) group: vec3u) {
  let stride4 = launch.stride4;
  let stride = 4u * stride4;
  let factor = group.y * stride * stride4;
  let blocks = group.y * stride * 16u;
  let first = 4u * group.z;
  let live = min(4u, launch.count - first);
  // Where fewer than four are left the last one stands in for the missing.
  let rhs = first + min(vec4u(0u, 1u, 2u, 3u), vec4u(live - 1u));
  let x = (rhs * launch.layers + vec4u(group.y)) * stride;
  for (var i = lane; i < stride; i += 64u) {
    for (var r = 0u; r < live; r++) { solutions[x[r] + i] = sides[x[r] + i]; }
  }
  storageBarrier();
  workgroupBarrier();

  for (var panel = 0u; panel < stride; panel += 16u) {
    if (lane < 16u) { head[lane] = unknown(x, panel + lane); }
    workgroupBarrier();
    if (lane < 16u) {
      var sum = vec4f(0.0);
      for (var k = 0u; k < 16u; k++) { sum += inverses[blocks + (panel + lane) * 16u + k] * head[k]; }
      solved[lane] = sum;
      keep(x, panel + lane, live, sum);
    }
    workgroupBarrier();
    for (var i = panel + 16u + lane; i < stride; i += 64u) {
      let row = factor + i * stride4 + panel / 4u;
      var sum = vec4f(0.0);
      for (var q = 0u; q < 4u; q++) {
        let l = matrix[row + q];
        sum += l.x * solved[4u * q] + l.y * solved[4u * q + 1u] + (l.z * solved[4u * q + 2u] + l.w * solved[4u * q + 3u]);
      }
      keep(x, i, live, unknown(x, i) - sum);
    }
    storageBarrier();
    workgroupBarrier();
  }

  for (var done = 0u; done < stride; done += 16u) {
    let panel = stride - 16u - done;
    if (lane < 16u) { head[lane] = unknown(x, panel + lane); }
    workgroupBarrier();
    if (lane < 16u) {
      var sum = vec4f(0.0);
      for (var k = 0u; k < 16u; k++) { sum += inverses[blocks + (panel + k) * 16u + lane] * head[k]; }
      solved[lane] = sum;
      keep(x, panel + lane, live, sum);
    }
    workgroupBarrier();
    for (var i = lane; 4u * i < panel; i += 64u) {
      var s0 = vec4f(0.0);
      var s1 = vec4f(0.0);
      var s2 = vec4f(0.0);
      var s3 = vec4f(0.0);
      for (var k = 0u; k < 16u; k++) {
        let l = matrix[factor + (panel + k) * stride4 + i];
        let y = solved[k];
        s0 += l.x * y;
        s1 += l.y * y;
        s2 += l.z * y;
        s3 += l.w * y;
      }
      keep(x, 4u * i, live, unknown(x, 4u * i) - s0);
      keep(x, 4u * i + 1u, live, unknown(x, 4u * i + 1u) - s1);
      keep(x, 4u * i + 2u, live, unknown(x, 4u * i + 2u) - s2);
      keep(x, 4u * i + 3u, live, unknown(x, 4u * i + 3u) - s3);
    }
    storageBarrier();
    workgroupBarrier();
  }
}

// Unknown i of the four right-hand sides that begin at x.
fn unknown(x: vec4u, i: u32) -> vec4f {
  return vec4f(solutions[x.x + i], solutions[x.y + i], solutions[x.z + i], solutions[x.w + i]);
}

fn keep(x: vec4u, i: u32, live: u32, value: vec4f) {
  for (var r = 0u; r < live; r++) { solutions[x[r] + i] = value[r]; }
}
