// What a network says of images that others learn from.
//   reads         columns[trial][c]
//   writes        told[trial][teacher][row][12] of `teachers`, row length `most_rows`
//   grid          four images each lane; trial
//   follows       image-outputs.wgsl

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) lane: u32, @builtin(workgroup_id) group: vec3u) {
  let column4 = (launch.first_group + group.x) * 64u + lane;
  if (column4 >= launch.columns4) { return; }
  find_outputs(group, column4);
  for (var c = 0u; c < 4u; c++) {
    let row = columns[group.y * launch.most_columns + 4u * column4 + c];
    if (row == NO_ROW) { continue; }
    let out = ((group.y * launch.teachers + launch.teacher) * launch.most_rows + row) * 3u;
    for (var k = 0u; k < 3u; k++) { told[out + k] = outputs[3u * c + k]; }
  }
}
