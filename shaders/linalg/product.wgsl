// Product of two matrices over their rows, in tiles of 4 x 4 per lane.
//   formula       C[i][j] = sum_t A[t][i] B[t][j]
//   reads         left[trial][t][i] as vec4 over i, row length 4 * left4; right[trial][t][j], row length 4 * right4; t < rows
//   writes        product[trial][i][j] as vec4 over j, row length 4 * right4, all 4 * left4 rows
//   grid          x: one invocation per tile, numbered along j first; y: trial
//   error bound   |C - exact| <= (128 + rows/128 + 1) eps |A|'|B|, runs as in gram.wgsl

override RUN: u32 = 128u;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let tile = launch.first_group * 64u + id.x;
  if (tile >= launch.left4 * launch.right4) { return; }
  let r = tile / launch.right4;
  let c = tile % launch.right4;
  let a_base = id.y * launch.rows * launch.left4 + r;
  let b_base = id.y * launch.rows * launch.right4 + c;
  var g0 = vec4f(0.0);
  var g1 = vec4f(0.0);
  var g2 = vec4f(0.0);
  var g3 = vec4f(0.0);
  for (var start = 0u; start < launch.rows; start += RUN) {
    var s0 = vec4f(0.0);
    var s1 = vec4f(0.0);
    var s2 = vec4f(0.0);
    var s3 = vec4f(0.0);
    let end = min(start + RUN, launch.rows);
    for (var t = start; t < end; t++) {
      let a = left[a_base + t * launch.left4];
      let b = right[b_base + t * launch.right4];
      s0 += a.x * b;
      s1 += a.y * b;
      s2 += a.z * b;
      s3 += a.w * b;
    }
    g0 += s0;
    g1 += s1;
    g2 += s2;
    g3 += s3;
  }
  let out = (id.y * launch.left4 + r) * 4u * launch.right4 + c;
  product[out] = g0;
  product[out + launch.right4] = g1;
  product[out + 2u * launch.right4] = g2;
  product[out + 3u * launch.right4] = g3;
}
