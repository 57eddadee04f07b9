// Labelling models of a chain of least-squares fits: w = w0 + a h / scale, one standard normal h for all of them.
//   formula       sources[0][j] = w0[j] / scale[j], sources[1][j] = h[j]; lengths = ||h||^2
//   reads         models[trial][j] = w0, row length `stride`; scale[j]
//   writes        vectors[trial][array][j], arrays 0 and 1 of `arrays`, zero beyond `columns`; lengths[trial]
//   grid          x: 1 workgroup; y: trial
//   error bound   that of random/normal.wgsl; the length (d/64 + 10) eps relative beside it

var<workgroup> partial: array<f32, 64>;

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) lane: u32, @builtin(workgroup_id) group: vec3u) {
  let trial = group.y;
  let base = trial * launch.arrays * launch.stride;
  var squares = 0.0;
  for (var block = lane; 4u * block < launch.stride; block += 64u) {
    let h = normals_at(trial, 0u, block, PURPOSE_REDUCED);
    for (var k = 0u; k < 4u; k++) {
      let column = 4u * block + k;
      var whitened = 0.0;
      var deviation = 0.0;
      if (column < launch.columns) {
        whitened = models[trial * launch.stride + column] / scale[column];
        deviation = h[k];
      }
      vectors[base + column] = whitened;
      vectors[base + launch.stride + column] = deviation;
      squares += deviation * deviation;
    }
  }
  partial[lane] = squares;
  workgroupBarrier();
  for (var width = 32u; width > 0u; width /= 2u) {
    if (lane < width) { partial[lane] += partial[lane + width]; }
    workgroupBarrier();
  }
  if (lane == 0u) { lengths[trial] = partial[0]; }
}
