// Rate of the random numbers alone: 16 blocks of four words per invocation, of which only a digest is written.
//   formula       words: digest = XOR of the blocks; NORMALS: sum of the blocks' normals, bits of f32
//   writes        digests[invocation] as four words
//   grid          x: one invocation per 16 blocks
//   exactness     words bit for bit; normals as random/normal.wgsl

override NORMALS: bool = false;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let i = launch.first_group * 64u + id.x;
  if (i >= launch.count) { return; }
  let key = vec4u(launch.seed, 1u, 2u, 3u);
  var words = vec4u(0u);
  var normals = vec4f(0.0);
  for (var k = 0u; k < 16u; k++) {
    let block = threefry4x32(vec4u(i, k, 0u, 0u), key);
    if (NORMALS) { normals += standard_normals(block); } else { words ^= block; }
  }
  let digest = select(words, bitcast<vec4u>(normals), NORMALS);
  for (var k = 0u; k < 4u; k++) { digests[4u * i + k] = digest[k]; }
}
