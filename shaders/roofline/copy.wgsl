// Copy bandwidth of storage buffers.
//   formula       copied[i] = origin[i]
//   reads/writes  origin[i], copied[i] as vec4
//   grid          x: one invocation per vec4, neighbours side by side
//   exactness     bits are kept; 32 bytes of traffic per invocation

@compute @workgroup_size(256)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let i = launch.first_group * 256u + id.x;
  if (i >= launch.count) { return; }
  copied[i] = origin[i];
}
