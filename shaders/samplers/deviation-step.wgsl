// One fit as seen from the truth: the model w that labels the data becomes the estimate w'.
//   formula       w - w0 = x e0 + y e1, e0 = w0/||w0||, e1 normal to it, y >= 0. The fit adds the vector of
//                 samplers/ridge-response.wgsl, whose part beside w has a uniformly random direction; then
//                 E = ||w' - w0||^2 = x'^2 + y'^2. The deviation of w plus what the fit adds to w; or, where both are far longer
//                 than their sum (a large ridge takes a large error away), what the fit keeps of w less w0
//   reads         norms[trial] = ||w0||; responses[group][k][trial][member], ridge number width * group + member;
//                 directions[c][trial]
//   updates       deviations[slot][c][trial], c = x, y: reads slot `labels`, writes slot `slot` unless it is NONE
//   writes        errors[error_offset + error_step * item][trial] unless error_offset is NONE
//   grid          item: ridge number first_ridge + item; 64 trials per workgroup
//   error bound   12 eps of the lesser of ||w - w0|| + ||w' - w|| and 8 (||w'|| + ||w0||) in each coordinate, beside the errors
//                 of what is read

const NONE = 0xffffffffu;

// How many times longer the parts must be: three digits of two are given up, so that ordinary chains are added up in one way.
const FAR_LONGER = 8.0;

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) lane: u32, @builtin(workgroup_id) group: vec3u) {
  let g = launch.first_group + group.x;
  let trial = (g / launch.items) * 64u + lane;
  let item = g % launch.items;
  if (trial >= launch.trials) { return; }
  let ridge = launch.first_ridge + item;
  let stride = launch.trials * launch.width;
  let at = 6u * (ridge / launch.width) * stride + trial * launch.width + ridge % launch.width;

  let x = deviations[2u * launch.labels * launch.trials + trial];
  let y = deviations[(2u * launch.labels + 1u) * launch.trials + trial];
  let along = norms[trial] + x;
  let length = sqrt(along * along + y * y);
  var cosine = 1.0;
  var sine = 0.0;
  if (length > 0.0) {
    cosine = along / length;
    sine = y / length;
  }

  let forward = length * responses[at] + launch.noise * responses[at + stride];
  let beside = length * responses[at + 2u * stride] + launch.noise * responses[at + 3u * stride];
  let rest = launch.noise * responses[at + 4u * stride];
  let sideways = sqrt(beside * beside + rest * rest);
  let inside = sideways * directions[trial];
  let outside = sideways * directions[launch.trials + trial];

  var new_x = x + forward * cosine - inside * sine;
  var turned = y + forward * sine + inside * cosine;
  let kept = length * responses[at + 5u * stride] + launch.noise * responses[at + stride];
  let norm = norms[trial];
  if (FAR_LONGER * (abs(kept) + sideways + norm) < abs(x) + y + abs(forward) + sideways) {
    new_x = kept * cosine - inside * sine - norm;
    turned = kept * sine + inside * cosine;
  }
  let square = turned * turned + outside * outside;
  if (launch.slot != NONE) {
    deviations[2u * launch.slot * launch.trials + trial] = new_x;
    deviations[(2u * launch.slot + 1u) * launch.trials + trial] = sqrt(square);
  }
  if (launch.error_offset != NONE) {
    errors[(launch.error_offset + launch.error_step * item) * launch.trials + trial] = new_x * new_x + square;
  }
}
