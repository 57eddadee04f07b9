// How far networks are from labels, or from what images show.
//   formula       sum over the four images of a lane and ten outputs of (f - y)^2
//   reads         columns[trial][c]; labels[trial][network][row][12], row length `most_rows`, or with TRUTH digits[image]: 1 for the digit, else 0
//   updates       outcomes[trial][network][column4], row length most_columns / 4: set, or with `accumulate` added to
//   grid          four images each lane; trial; network
//   error bound   twice that of f times |f - y|, and 42 eps of the sum
//   follows       image-outputs.wgsl

override TRUTH: bool = false;

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) lane: u32, @builtin(workgroup_id) group: vec3u) {
  let column4 = (launch.first_group + group.x) * 64u + lane;
  if (column4 >= launch.columns4) { return; }
  find_outputs(group, column4);
  let slot = group.y * launch.layers + group.z;
  var sum = 0.0;
  for (var c = 0u; c < 4u; c++) {
    let row = columns[group.y * launch.most_columns + 4u * column4 + c];
    if (row == NO_ROW) { continue; }
    for (var k = 0u; k < 3u; k++) {
      var y = vec4f(0.0);
      if (TRUTH) {
        y = select(vec4f(0.0), vec4f(1.0), vec4u(4u * k) + vec4u(0u, 1u, 2u, 3u) == vec4u(digits[row]));
      } else {
        y = labels[(slot * launch.most_rows + row) * 3u + k];
      }
      let off = outputs[3u * c + k] - y;
      sum += dot(off, off);
    }
  }
  let out = slot * (launch.most_columns / 4u) + column4;
  if (launch.accumulate != 0u) { sum += outcomes[out]; }
  outcomes[out] = sum;
}
