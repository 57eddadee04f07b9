// What networks side by side learn from, each from blocks of its own.
//   formula       y[row][k] = (1 if the image shows digit k, else 0; or what the teacher says) + noise z(trial, row, k), k < 10
//   reads         blocks[first_learner + network] of `learner_words`: of each block the row after its last, its teacher of `teachers` or NO_TEACHER, and
//                 its noise; picks[trial][sample + row], digits[image]; told[trial][teacher][row][12]
//   writes        labels[trial][network][row][12], row length `most_rows`, as vec4
//   grid          four labels each lane; trial; network
//   error bound   that of the normals (random/normal.wgsl) times noise, and 2 eps |y|

const NO_TEACHER = 0xffffffffu;

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) lane: u32, @builtin(workgroup_id) group: vec3u) {
  let item = (launch.first_group + group.x) * 64u + lane;
  let row = item / 3u;
  let k = item % 3u;
  if (row >= launch.rows) { return; }
  var block = (launch.first_learner + group.z) * launch.learner_words;
  while (row >= blocks[block]) { block += 3u; }
  let teacher = blocks[block + 1u];
  let noise = bitcast<f32>(blocks[block + 2u]);
  let places = vec4u(4u * k) + vec4u(0u, 1u, 2u, 3u);
  var y = vec4f(0.0);
  if (teacher == NO_TEACHER) {
    y = select(y, vec4f(1.0), places == vec4u(digits[picks[group.y * launch.picked + launch.sample + row]]));
  } else {
    y = told[((group.y * launch.teachers + teacher) * launch.most_rows + row) * 3u + k];
  }
  let z = normals_at(group.y, row, k, PURPOSE_NOISE);
  y += noise * select(vec4f(0.0), z, places < vec4u(10u));
  labels[((group.y * launch.layers + group.z) * launch.most_rows + row) * 3u + k] = y;
}
