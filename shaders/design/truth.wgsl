// Draws the true coefficients of a trial: Gaussian, or uniform on a sphere.
//   formula       w0 = size * g, or size * g / ||g||, g standard normal
//   writes        models[trial][j], row length `stride`, zero beyond `columns`
//   grid          x: 1; y: trial
//   error bound   sphere: relative (d + 2) eps in the norm

override SPHERE: bool = true;

var<workgroup> partial: array<f32, 64>;

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) lane: u32, @builtin(workgroup_id) group: vec3u) {
  let trial = group.y;
  let base = trial * launch.stride;
  let blocks = launch.stride / 4u;
  var squares = 0.0;
  for (var block = lane; block < blocks; block += 64u) {
    let z = normals_at(trial, 0u, block, PURPOSE_TRUTH);
    for (var k = 0u; k < 4u; k++) {
      let column = 4u * block + k;
      let value = select(0.0, launch.size * z[k], column < launch.columns);
      models[base + column] = value;
      squares += value * value;
    }
  }
  if (SPHERE) {
    partial[lane] = squares;
    workgroupBarrier();
    for (var width = 32u; width > 0u; width /= 2u) {
      if (lane < width) { partial[lane] += partial[lane + width]; }
      workgroupBarrier();
    }
    let factor = select(0.0, launch.size / sqrt(partial[0]), launch.size > 0.0);
    for (var block = lane; block < blocks; block += 64u) {
      for (var k = 0u; k < 4u; k++) { models[base + 4u * block + k] *= factor; }
    }
  }
}
