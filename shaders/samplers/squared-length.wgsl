// Squared lengths of vectors, block by block of their entries.
//   formula       lengths[side][trial] = (accumulate ? lengths[side][trial] : 0) + sum_t vectors[t]^2, t < rows
//   reads         vectors[side][trial][t], row length `stride`, sides `layers` trials apart
//   updates       lengths[side][trial]
//   grid          x: 1 workgroup; y: trial; z: side
//   error bound   (rows/64 + 9) eps relative

var<workgroup> partial: array<f32, 64>;

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) lane: u32, @builtin(workgroup_id) group: vec3u) {
  let vector = group.z * launch.layers + group.y;
  var sum = 0.0;
  for (var t = lane; t < launch.rows; t += 64u) {
    let value = vectors[vector * launch.stride + t];
    sum += value * value;
  }
  partial[lane] = sum;
  workgroupBarrier();
  for (var width = 32u; width > 0u; width /= 2u) {
    if (lane < width) { partial[lane] += partial[lane + width]; }
    workgroupBarrier();
  }
  if (lane == 0u) {
    if (launch.accumulate != 0u) { lengths[vector] += partial[0]; } else { lengths[vector] = partial[0]; }
  }
}
