// Test error of an estimate against the truth, in the covariance norm.
//   formula       E = sum_j (scale[j] (w[j] - w0[j]))^2,  scale[j]^2 the eigenvalues of Sigma
//   reads         estimates[rhs][trial][j], truth[trial][j], row length `stride`, estimates `layers` trials apart
//   writes        errors[rhs][trial] from `error_offset`
//   grid          x: 1 workgroup; y: trial; z: right-hand side
//   error bound   (d/64 + 10) eps relative to the sum of squares, plus the rounding of w - w0

var<workgroup> partial: array<f32, 64>;

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) lane: u32, @builtin(workgroup_id) group: vec3u) {
  let estimate = (group.z * launch.layers + group.y) * launch.stride;
  let reference = group.y * launch.stride;
  var sum = 0.0;
  for (var j = lane; j < launch.columns; j += 64u) {
    let deviation = scale[j] * (estimates[estimate + j] - truth[reference + j]);
    sum += deviation * deviation;
  }
  partial[lane] = sum;
  workgroupBarrier();
  for (var width = 32u; width > 0u; width /= 2u) {
    if (lane < width) { partial[lane] += partial[lane + width]; }
    workgroupBarrier();
  }
  if (lane == 0u) { errors[launch.error_offset + group.z * launch.layers + group.y] = partial[0]; }
}
