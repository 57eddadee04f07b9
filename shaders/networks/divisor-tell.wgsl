// What teachers answer to the examples of those whom they teach.
//   formula       the most probable answer, the first of several
//   reads         weights of the teacher
//   writes        taught[trial][layer][batch], answers from 1 on; rows
//   grid          64 examples a workgroup; trial; network

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) lane: u32, @builtin(workgroup_id) group: vec3u) {
  let example = (launch.first_group + group.x) * 64u + lane;
  let teacher = networks_told[32u * (launch.first_network + group.z) + 1u];
  if (teacher == ALWAYS) { return; }
  place(group.y, group.z, teacher, example);
  write_rows(pair_at(group.y, launch.first_example + example));
  forward();
  taught[(group.y * launch.layers + group.z) * launch.batch + example] = answer_of().answer + 1u;
}
