// How far to go in a direction u to be nearest to the solution of (A + penalty) x = b, in the norm of that matrix.
//   formula       a = r'u / (u'A u + penalty u'u), r the residual; 0 where the direction has no length
//   reads         directions, residuals[side][trial][i] as vec4 over i, row length 4 * stride4, sides `layers` trials apart
//   updates       lengths[side][trial]: u'A u before, a after
//   grid          x: 1 workgroup; y: trial; z: side
//   error bound   (stride4/64 + 12) eps (|r|'|u| / r'u + 1) relative; a step that is off by a part p leaves p^2 of what it gains

var<workgroup> partial: array<vec2f, 64>;

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) lane: u32, @builtin(workgroup_id) group: vec3u) {
  let vector = group.z * launch.layers + group.y;
  var sums = vec2f(0.0);
  for (var i = lane; i < launch.stride4; i += 64u) {
    let u = directions[vector * launch.stride4 + i];
    sums += vec2f(dot(residuals[vector * launch.stride4 + i], u), dot(u, u));
  }
  partial[lane] = sums;
  workgroupBarrier();
  for (var width = 32u; width > 0u; width /= 2u) {
    if (lane < width) { partial[lane] += partial[lane + width]; }
    workgroupBarrier();
  }
  if (lane == 0u) {
    let curvature = lengths[vector] + launch.penalty * partial[0].y;
    var a = 0.0;
    if (curvature > 0.0) { a = partial[0].x / curvature; }
    lengths[vector] = a;
  }
}
