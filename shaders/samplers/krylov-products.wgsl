// Inner products with many vectors at once, as samplers/krylov-directions.wgsl and krylov-reveal.wgsl take them: a few lanes
// share each of them.
//   reads         basis; launch.known, launch.columns4, launch.systems, launch.capacity
//   needs         samplers/krylov-common.wgsl

// Lanes that share one inner product.
override SEGMENTS: u32 = 4u;
override ROWS: u32 = LANES / SEGMENTS;

// Sum over the lanes that share a row, for the first of them.
fn segment_sum(lane: u32, value: vec3f) -> vec3f {
  if (SEGMENTS == 1u) { return value; }
  partial[0][lane] = value;
  workgroupBarrier();
  var total = value;
  if (lane < ROWS) {
    for (var k = lane + ROWS; k < LANES; k += ROWS) { total += partial[0][k]; }
  }
  workgroupBarrier();
  return total;
}

// The newest v, which stand behind the known ones.
fn newest(trial: u32, q: u32) -> Trio {
  let at = (trial * launch.columns4 + q) * launch.capacity + launch.known;
  return Trio(basis[at], basis[at + 1u], select(vec4f(0.0), basis[at + launch.systems - 1u], launch.systems == 3u));
}
