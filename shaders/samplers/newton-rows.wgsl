// Rows of a fit weighed for a step of Newton's method.
//   formula       logistic: p = sigmoid(X[t] w), weighed[t] = sqrt(p (1 - p)) X[t], residual[t] = [y = 1] - p; squares: weighed[t] = X[t],
//                 residual[t] = y - X[t] w; both 0 where the label is 0, that of a row that is dropped
//   reads         design[trial][t][j] as vec4 over j, row length 4 * stride4; labels[trial][t]; models[trial][slot][j] of `slots`
//   writes        weighed[trial][t][j], residuals[trial][t]
//   grid          a lane for a row; trial
//   error bound   of p: (columns + 10) eps |X||w|

override SQUARES: bool = false;

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) lane: u32, @builtin(workgroup_id) group: vec3u) {
  let row = (launch.first_group + group.x) * 64u + lane;
  if (row >= launch.rows) { return; }
  let at = group.y * launch.rows + row;
  let x = at * launch.stride4;
  let w = (group.y * launch.slots + launch.slot) * launch.stride4;
  var score = 0.0;
  for (var j = 0u; j < launch.stride4; j++) { score += dot(design[x + j], models[w + j]); }
  let y = labels[at];
  var root = 1.0;
  var residual = y - score;
  if (!SQUARES) {
    // Of the side that does not cancel.
    let rest = 1.0 / (1.0 + exp(abs(score)));
    let p = select(rest, 1.0 - rest, score >= 0.0);
    root = sqrt(rest * (1.0 - rest));
    residual = select(-p, select(1.0 - p, rest, score >= 0.0), y > 0.0);
  }
  if (y == 0.0) {
    root = 0.0;
    residual = 0.0;
  }
  for (var j = 0u; j < launch.stride4; j++) { weighed[x + j] = root * design[x + j]; }
  residuals[at] = residual;
}
