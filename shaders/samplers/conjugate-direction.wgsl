// Next direction of preconditioned conjugate gradients.
//   formula       rho = r'u, r the residual and u = M^-1 r;  p = u + rho / rho_before p_before, or u at first
//   reads         residuals r, preconditioned u[side][trial][i] as vec4 over i, row length 4 * stride4, sides `layers` trials apart
//   updates       directions p, same layout; energies[side][trial]: rho, not read where `first` is 1
//   grid          x: 1 workgroup; y: trial; z: side
//   error bound   rho: (stride4/64 + 10) eps |r|'|u|; p: 2 eps (|u| + |beta p|), beta as computed. Any p is followed to the nearest
//                 point (step-length.wgsl): a bad one costs progress, never ground

var<workgroup> partial: array<f32, 64>;
var<workgroup> beta: f32;

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) lane: u32, @builtin(workgroup_id) group: vec3u) {
  let vector = group.z * launch.layers + group.y;
  let base = vector * launch.stride4;
  var sum = 0.0;
  for (var i = lane; i < launch.stride4; i += 64u) { sum += dot(residuals[base + i], preconditioned[base + i]); }
  partial[lane] = sum;
  workgroupBarrier();
  for (var width = 32u; width > 0u; width /= 2u) {
    if (lane < width) { partial[lane] += partial[lane + width]; }
    workgroupBarrier();
  }
  if (lane == 0u) {
    let rho = partial[0];
    beta = 0.0;
    if (launch.first == 0u) {
      let before = energies[vector];
      if (before > 0.0) { beta = rho / before; }
    }
    energies[vector] = rho;
  }
  workgroupBarrier();
  for (var i = lane; i < launch.stride4; i += 64u) {
    var p = preconditioned[base + i];
    if (launch.first == 0u) { p += beta * directions[base + i]; }
    directions[base + i] = p;
  }
}
