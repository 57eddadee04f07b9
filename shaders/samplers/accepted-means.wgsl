// Least squares on labels that a verifier accepts, in one direction that rows of unit length share: their mean.
//   formula       theta, centre and band less the truth, in units of the noise. theta' = mean over n rows of y = theta + z, z ~ N(0, 1) drawn
//                 again until |y - centre| <= band; or, for real rows, theta' = spread z
//   reads/writes  models[slot][direction][trial]: slot `from` of theta, slot `to` of theta'
//   grid          item: a direction; 64 trials per workgroup
//   error bound   (n/64 + 66) eps band: sums over runs of 64; a y within rounding of the band may be drawn again, which moves theta' by
//                 2 band / n
//   NaN           where a row had MOST_BLOCKS blocks of four normals and none was accepted

const RUN = 64u;
const MOST_BLOCKS = 4096u;

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) lane: u32, @builtin(workgroup_id) group: vec3u) {
  let g = launch.first_group + group.x;
  let trial = (g / launch.items) * 64u + lane;
  let direction = g % launch.items;
  if (trial >= launch.trials) { return; }
  let to = (launch.to * launch.items + direction) * launch.trials + trial;
  if (launch.rows == 0u) {
    let z = normals_at(trial, direction, 0u, PURPOSE_DESIGN).x;
    models[to] = launch.spread * z;
    return;
  }
  let theta = models[(launch.origin * launch.items + direction) * launch.trials + trial];
  var sum = 0.0;
  for (var start = 0u; start < launch.rows; start += RUN) {
    var run = 0.0;
    for (var row = start; row < min(start + RUN, launch.rows); row++) {
      var found = false;
      for (var block = 0u; block < MOST_BLOCKS && !found; block++) {
        let z = normals_at(trial, direction * launch.rows + row, block, PURPOSE_DESIGN);
        for (var k = 0u; k < 4u; k++) {
          let off = theta + z[k] - launch.centre;
          if (!found && abs(off) <= launch.band) {
            run += off;
            found = true;
          }
        }
      }
      if (!found) { run = bitcast<f32>(launch.not_a_number); }
    }
    sum += run;
  }
  models[to] = launch.centre + sum / f32(launch.rows);
}
