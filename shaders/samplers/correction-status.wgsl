// Says of every trial whether correction has come to rest.
//   formula       status = 0 if for all sides a^2 ||p||^2 <= TOLERANCE^2 ||w - w0||^2 + (32 eps)^2 ||w||^2, else at least 1;
//                 ||v||^2 = sum_j (scale[j] v[j])^2, a p the last step
//   reads         steps p, estimates w[side][trial][j], row length `stride`, sides `layers` trials apart; lengths[side][trial] = a;
//                 truth[trial][j] = w0; scale[j]^2 the eigenvalues of Sigma
//   updates       statuses[trial] from `status_offset`; where `inherited` is 1 what stands there is not taken back, be it of an
//                 earlier fit with the same factor or of a factor beyond help
//   grid          x: 1 workgroup; y: trial
//   error bound   (columns/64 + 10) eps relative for each sum: near the tolerance either verdict may come
// A failed pivot leaves a factor of the matrix with one diagonal entry changed; conjugate gradients need one step more for it.

override TOLERANCE: f32 = 1e-3;
const EPS = 5.9604645e-8;

var<workgroup> partial: array<vec3f, 64>;

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) lane: u32, @builtin(workgroup_id) group: vec3u) {
  let reference = group.y * launch.stride;
  var restless = false;
  for (var side = 0u; side < launch.sides; side++) {
    let vector = side * launch.layers + group.y;
    let a = lengths[vector];
    var sums = vec3f(0.0);
    for (var j = lane; j < launch.columns; j += 64u) {
      let w = estimates[vector * launch.stride + j];
      let entries = scale[j] * vec3f(a * steps[vector * launch.stride + j], w - truth[reference + j], w);
      sums += entries * entries;
    }
    partial[lane] = sums;
    workgroupBarrier();
    for (var width = 32u; width > 0u; width /= 2u) {
      if (lane < width) { partial[lane] += partial[lane + width]; }
      workgroupBarrier();
    }
    let total = partial[0];
    restless = restless || !(total.x <= TOLERANCE * TOLERANCE * total.y + (32.0 * EPS) * (32.0 * EPS) * total.z);
    workgroupBarrier();
  }
  if (lane == 0u) {
    let status = launch.status_offset + group.y;
    if (restless) { statuses[status] = max(statuses[status], 1u); }
    if (!restless && launch.inherited == 0u) { statuses[status] = 0u; }
  }
}
