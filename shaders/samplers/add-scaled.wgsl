// Adds a multiple of one set of vectors to another.
//   formula       targets[i] += factor * sources[i], or factor * lengths[side][trial] * sources[i] with BY_LENGTH
//   reads         sources[side][trial][i] as vec4 over i, row length 4 * stride4, sides `layers` trials apart
//   updates       targets, same layout, from 4 * target_offset4
//   grid          x: one invocation per 4 entries; y: trial; z: side
//   error bound   2 eps (|targets| + |factor * length * sources|)

override BY_LENGTH: bool = false;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let i = launch.first_group * 64u + id.x;
  if (i >= launch.stride4) { return; }
  let vector = id.z * launch.layers + id.y;
  var factor = launch.factor;
  if (BY_LENGTH) { factor *= lengths[vector]; }
  targets[launch.target_offset4 + vector * launch.stride4 + i] += factor * sources[vector * launch.stride4 + i];
}
