// One fit as seen from the truth: the model w that labels the data becomes the estimate w'.
//   formula       w - w0 = x e0 + y e1, e0 = w0/||w0||, e1 normal to it, y >= 0. The fit adds the vector of
//                 samplers/ridge-response.wgsl, whose part beside w has a uniformly random direction; then
//                 E = ||w' - w0||^2 = x'^2 + y'^2. The deviation of w plus what the fit adds to w; or, where both are far longer
//                 than their sum (a large ridge takes a large error away), what the fit keeps of w less w0
//   reads         norms[trial] = ||w0||; responses[group][k][trial][member], ridge number width * group + member;
//                 directions[c][trial]
//   updates       deviations[slot][c][trial], c = x, y, ||w0|| + x: reads slot `labels`, the truth in slot 0, writes slot `slot` unless it is
//                 NONE. The last is what w is along w0, which x forgets where a large ridge has left little of w
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

  let norm = norms[trial];
  let labels = 3u * launch.labels * launch.trials + trial;
  let x = deviations[labels];
  let y = deviations[labels + launch.trials];
  let along = select(deviations[labels + 2u * launch.trials], norm, launch.labels == 0u);
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
  var new_along = norm + new_x;
  let kept = length * responses[at + 5u * stride] + launch.noise * responses[at + stride];
  let own = abs(kept) + sideways;
  let added = abs(x) + y + abs(forward) + sideways;
  if (FAR_LONGER * own < added) {
    turned = kept * sine + inside * cosine;
    new_along = kept * cosine - inside * sine;
  }
  if (FAR_LONGER * (own + norm) < added) { new_x = new_along - norm; }
  let square = turned * turned + outside * outside;
  if (launch.slot != NONE) {
    let slot = 3u * launch.slot * launch.trials + trial;
    deviations[slot] = new_x;
    deviations[slot + launch.trials] = sqrt(square);
    deviations[slot + 2u * launch.trials] = new_along;
  }
  if (launch.error_offset != NONE) {
    errors[(launch.error_offset + launch.error_step * item) * launch.trials + trial] = new_x * new_x + square;
  }
}
