// The six numbers of samplers/ridge-response.wgsl for least squares of minimum norm, from at most five random numbers.
//   formula       T >= d: w' - w = s (n e + chi_{d-1} h) / chi_{T-d+1}: the error is multivariate t
//                 T < d:  w' = P w + s X^+ g, ||P w||^2 = c ||w||^2, c = chi^2_T / (chi^2_T + chi^2_{d-T});
//                 X^+ g = (n, chi_{T-1}) / chi_{d-T+1} along P w and beside it
//   writes        responses[group][k][trial][member] for ridge number width * group + member = `ridge`
//   grid          item: 1; 64 trials per workgroup
//   error bound   relative 5e-6 of each number beside the absolute 2e-6 of its random numbers

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) lane: u32, @builtin(workgroup_id) group: vec3u) {
  let trial = (launch.first_group + group.x) * 64u + lane;
  if (trial >= launch.trials) { return; }
  let samples = launch.samples;
  let columns = launch.columns;
  let dual = samples < columns;
  let order = min(samples, columns);
  let ratio = chi_pair_at(trial, 0x80000000u, vec2u(order - 1u, max(samples, columns) - order + 1u));
  let n = normals_at(trial, 0x80000000u, 0u, PURPOSE_REDUCED).x / ratio.y;
  var kept = 1.0;
  var lost = 0.0;
  if (dual) {
    let parts = chi_pair_at(trial, 0x80000001u, vec2u(samples, columns - samples));
    let whole = sqrt(parts.x * parts.x + parts.y * parts.y);
    kept = parts.x / whole;
    lost = parts.y / whole;
  }
  let stride = launch.trials * launch.width;
  let out = 6u * (launch.ridge / launch.width) * stride + trial * launch.width + launch.ridge % launch.width;
  responses[out] = -lost * lost;
  responses[out + stride] = kept * n;
  responses[out + 2u * stride] = kept * lost;
  responses[out + 3u * stride] = lost * n;
  responses[out + 4u * stride] = ratio.x / ratio.y;
  responses[out + 5u * stride] = kept * kept;
}
