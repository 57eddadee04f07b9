// Inner products with many vectors at once, as samplers/krylov-directions.wgsl and krylov-reveal.wgsl take them: 16 rows at a time,
// four of them per lane, so that what they are multiplied with is read once for four; eight lanes share a row.
//   reads         basis; launch.known, launch.columns4, launch.systems, launch.capacity
//   needs         samplers/krylov-common.wgsl, SUMS >= 4

const SEGMENTS = 8u;
const ROWS = 16u;

// Sums of four rows for the three systems.
struct Four { a: vec3f, b: vec3f, c: vec3f, d: vec3f }

// First of the four rows of a lane, in its sixteen.
fn first_row(lane: u32) -> u32 {
  return 4u * (lane / SEGMENTS);
}

// Sums over the lanes that share a row: lane r < 16 gets that of row r.
fn row_sum(lane: u32, sums: Four) -> vec3f {
  partial[0][lane] = sums.a;
  partial[1][lane] = sums.b;
  partial[2][lane] = sums.c;
  partial[3][lane] = sums.d;
  workgroupBarrier();
  var total = vec3f(0.0);
  if (lane < ROWS) {
    for (var k = 0u; k < SEGMENTS; k++) { total += partial[lane % 4u][SEGMENTS * (lane / 4u) + k]; }
  }
  workgroupBarrier();
  return total;
}

fn with_row(sum: vec3f, row: vec4f, w: Trio) -> vec3f {
  return sum + vec3f(dot(row, w.a), dot(row, w.b), dot(row, w.c));
}

// The newest v, which stand behind the known ones.
fn newest(trial: u32, q: u32) -> Trio {
  let at = (trial * launch.columns4 + q) * launch.capacity + launch.known;
  return Trio(basis[at], basis[at + 1u], select(vec4f(0.0), basis[at + launch.systems - 1u], launch.systems == 3u));
}
