// Gram matrix of a block of designs, upper triangle, in tiles of 4 x 4 per lane: needs nothing of a device.
//   formula       G[i][j] = (accumulate ? G[i][j] : 0) + sum_t X[t][i] X[t][j],  j >= i
//   reads         design[trial][t][i] as vec4 over i, t < rows, row length 4 * stride4
//   updates       gram[trial][i][j] as vec4 over j; whole 4 x 4 tiles on the diagonal
//   grid          x: one invocation per 4 x 4 tile of the upper triangle, numbered by columns; y: trial
//   error bound   |G - exact| <= (128 + rows/128 + 2) eps |X|'|X|
// Rows are summed in runs of 128 that are then added up: less rounding, and the same bits however rows are cut in blocks.

override RUN: u32 = 128u;
// X is upper triangular: row t is zero before column t.
override TRIANGULAR: bool = false;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let tile = launch.first_group * 64u + id.x;
  if (tile >= launch.tiles) { return; }
  // Column of the tile: largest c with c (c + 1) / 2 <= tile. The float guess is off by one at most; integers settle it.
  var c = u32((sqrt(8.0 * f32(tile) + 1.0) - 1.0) * 0.5);
  if (c * (c + 1u) / 2u > tile) { c -= 1u; }
  if ((c + 1u) * (c + 2u) / 2u <= tile) { c += 1u; }
  let r = tile - c * (c + 1u) / 2u;

  let stride = launch.stride4;
  let out = (id.y * stride * 4u + 4u * r) * stride + c;
  var g0 = vec4f(0.0);
  var g1 = vec4f(0.0);
  var g2 = vec4f(0.0);
  var g3 = vec4f(0.0);
  if (launch.accumulate != 0u) {
    g0 = gram[out];
    g1 = gram[out + stride];
    g2 = gram[out + 2u * stride];
    g3 = gram[out + 3u * stride];
  }
  let base = id.y * launch.rows * stride;
  let rows = select(launch.rows, min(launch.rows, 4u * r + 4u), TRIANGULAR);
  for (var start = 0u; start < rows; start += RUN) {
    var s0 = vec4f(0.0);
    var s1 = vec4f(0.0);
    var s2 = vec4f(0.0);
    var s3 = vec4f(0.0);
    let end = min(start + RUN, rows);
    for (var t = start; t < end; t++) {
      let a = design[base + t * stride + r];
      let b = design[base + t * stride + c];
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
  gram[out] = g0;
  gram[out + stride] = g1;
  gram[out + 2u * stride] = g2;
  gram[out + 3u * stride] = g3;
}
