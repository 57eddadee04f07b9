// Krylov sampler, at the end of a solve: the errors due to truth, label noise and deviation, as far as test errors need them.
//   formula       e_w = x_1, e_z = x_2, e_h = h - x_3 (see krylov-begin.wgsl)
//   reads         vectors[trial][array][j] as vec4 over j: h in array 1, x in 2 .. 4
//   writes        responses[k][trial] from `response_offset`, k: e_w.e_w, e_z.e_z, e_h.e_h, e_w.e_z, e_w.e_h, e_z.e_h
//   grid          x: 1 workgroup; y: trial
//   error bound   (d/64 + 10) eps ||e|| ||e'||

const SUMS = 2u;
const ARRAYS = 14u;

@compute @workgroup_size(LANES)
fn main(@builtin(local_invocation_index) lane: u32, @builtin(workgroup_id) group: vec3u) {
  let trial = group.y;
  var squares = vec3f(0.0);
  var products = vec3f(0.0);
  for (var q = lane; q < launch.columns4; q += LANES) {
    let at = (trial * ARRAYS + 1u) * launch.columns4 + q;
    let a = vectors[at + launch.columns4];
    let b = vectors[at + 2u * launch.columns4];
    let c = select(vec4f(0.0), vectors[at] - vectors[at + 3u * launch.columns4], launch.systems == 3u);
    squares += vec3f(dot(a, a), dot(b, b), dot(c, c));
    products += vec3f(dot(a, b), dot(a, c), dot(b, c));
  }
  partial[0][lane] = squares;
  partial[1][lane] = products;
  sum_lanes(lane);
  if (lane < 3u) {
    let out = launch.response_offset + lane * launch.trials + trial;
    responses[out] = dot(partial[0][0], unit(lane));
    responses[out + 3u * launch.trials] = dot(partial[1][0], unit(lane));
  }
}
