// Weights that networks begin with, the same for all networks side by side, and no moments.
//   formula       weights ~ N(0, deviation^2), the deviation by where they stand
//   reads         deviations[weights4]
//   writes        weights[trial][network][weights4]; moments[trial][network][2][weights4] = 0
//   grid          four weights each lane; trial; network

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) lane: u32, @builtin(workgroup_id) group: vec3u) {
  let item = (launch.first_group + group.x) * 64u + lane;
  if (item >= launch.weights4) { return; }
  let slot = group.y * launch.networks + launch.first_network + group.z;
  weights[slot * launch.weights4 + item] = deviations[item] * normals_at(group.y, item, 0u, PURPOSE_DESIGN);
  moments[2u * slot * launch.weights4 + item] = vec4f();
  moments[(2u * slot + 1u) * launch.weights4 + item] = vec4f();
}
