// Keeps networks as they are: always, or where they have never been so near.
//   reads         scores[trial][network] as in image-count.wgsl, without `always`; weights[trial][network]
//   writes        kept[trial][first_learner + network] of `networks`
//   grid          four weights each lane; trial; network

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) lane: u32, @builtin(workgroup_id) group: vec3u) {
  let item = (launch.first_group + group.x) * 64u + lane;
  let slot = group.y * launch.layers + group.z;
  if (item >= launch.weights4) { return; }
  if (launch.always == 0u && scores[2u * slot + 1u] == 0.0) { return; }
  kept[(group.y * launch.networks + launch.first_learner + group.z) * launch.kept4 + item] = weights[slot * launch.weights4 + item];
}
