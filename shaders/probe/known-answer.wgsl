// Self-test: Threefry and the normals made of it at given counters and keys.
//   reads         inputs[2 i], inputs[2 i + 1]: counter and key i
//   writes        words[4 i ..], normals[i]
//   grid          x: one invocation per pair; exactness: the words are compared bit for bit

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let i = launch.first_group * 64u + id.x;
  if (i >= launch.count) { return; }
  let counter = vec4u(inputs[8u * i], inputs[8u * i + 1u], inputs[8u * i + 2u], inputs[8u * i + 3u]);
  let key = vec4u(inputs[8u * i + 4u], inputs[8u * i + 5u], inputs[8u * i + 6u], inputs[8u * i + 7u]);
  let out = threefry4x32(counter, key);
  for (var k = 0u; k < 4u; k++) { words[4u * i + k] = out[k]; }
  normals[i] = standard_normals(out);
}
