// The normals of given words, so that a test can ask for the ends of the range.
//   reads         words[4 i ..]
//   writes        normals[i]
//   grid          x: one invocation per four words
//   error bound   that of random/normal.wgsl

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let i = launch.first_group * 64u + id.x;
  if (i >= launch.count) { return; }
  normals[i] = standard_normals(vec4u(words[4u * i], words[4u * i + 1u], words[4u * i + 2u], words[4u * i + 3u]));
}
