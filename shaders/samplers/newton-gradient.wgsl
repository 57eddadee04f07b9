// What a step of Newton's method has to undo.
//   formula       g = X'r - penalty w
//   reads         design[trial][t][j] as vec4 over j, row length 4 * stride4; residuals[trial][t], t < rows; models[trial][slot][j] of `slots`
//   writes        sides[trial][j] as vec4
//   grid          four columns each lane; trial
//   error bound   rows eps |X|'|r|

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) lane: u32, @builtin(workgroup_id) group: vec3u) {
  let j = (launch.first_group + group.x) * 64u + lane;
  if (j >= launch.stride4) { return; }
  let first = group.y * launch.rows;
  var sum = vec4f(0.0);
  for (var start = 0u; start < launch.rows; start += 128u) {
    var run = vec4f(0.0);
    let end = min(start + 128u, launch.rows);
    for (var t = start; t < end; t++) { run += residuals[first + t] * design[(first + t) * launch.stride4 + j]; }
    sum += run;
  }
  sides[group.y * launch.stride4 + j] = sum - launch.penalty * models[(group.y * launch.slots + launch.slot) * launch.stride4 + j];
}
