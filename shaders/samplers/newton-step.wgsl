// A step of Newton's method, and what the fit has come to with it.
//   formula       w += step;  w_1, |w|^2 - w_1^2;  1 where |step| > `settled` |w| or either is no number, else 0
//   reads         solutions[trial][j] as vec4, j < 4 * stride4
//   updates       models[trial][slot][j] of `slots`
//   writes        outcomes[fit][3][trial] of `trials`: w_1, what is across it, and that last bit
//   grid          a lane for a trial
//   error bound   columns eps of |w|^2

@compute @workgroup_size(1)
fn main(@builtin(workgroup_id) group: vec3u) {
  let w = (group.y * launch.slots + launch.slot) * launch.stride4;
  let step = group.y * launch.stride4;
  var beside = 0.0;
  var moved = 0.0;
  for (var j = 0u; j < launch.stride4; j++) {
    let change = solutions[step + j];
    let now = models[w + j] + change;
    models[w + j] = now;
    let across = select(now, vec4f(0.0, now.yzw), j == 0u);
    beside += dot(across, across);
    moved += dot(change, change);
  }
  let out = 3u * launch.fit * launch.trials + group.y;
  let along = models[w].x;
  outcomes[out] = along;
  outcomes[out + launch.trials] = beside;
  outcomes[out + 2u * launch.trials] = select(1.0, 0.0, moved <= launch.settled * launch.settled * (beside + along * along));
}
