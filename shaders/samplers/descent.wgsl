// Some steps of one pass of stochastic gradient descent, v = w minus the model that labels the rows.
//   formula       v -= (rate/batch) sum_b x_b (x_b'v - noise g_b), x_b = scale z(trial, row), rows from `first_row` on, `batch` for each of `steps` steps
//   reads         scale[j] from `scale_offset4`, zero beyond the columns; models[trial][j] from `label_offset4`, at the first and last rows
//   updates       state[trial][0][j] = v; state[trial][1][j]: the sum of v after every step, where `averaging` is 1
//   writes        estimates[trial][j], where `finish` is 1: the model and v, or v averaged, share being one over its steps; 0 without
//   grid          x: one workgroup per trial
//   error bound   per step, relative to |v|: (stride/lanes + 20) eps in x'v and 1e-6 of every normal; a step of a stable rate shortens the errors
//                 of those before, so that of the estimate is that of some 1/(rate s) steps along a direction of eigenvalue s
// Nothing leaves the workgroup between steps. An invocation keeps every LANES-th quadruple of v, x and what else there is, so that a step has one
// sum over the workgroup: three barriers for each row.

override LANES: u32 = 64u;

// Quadruples of an invocation: dimensions up to 4 * 256 * 10.
const MOST = 10u;
const MOST_LANES = 256u;
// Partial sums of the second stage of a sum.
const PARTS = 16u;

var<workgroup> partial: array<f32, MOST_LANES>;
var<workgroup> gathered: array<f32, PARTS>;

fn total(value: f32, lane: u32) -> f32 {
  partial[lane] = value;
  workgroupBarrier();
  if (lane < PARTS) {
    var sum = 0.0;
    for (var k = lane; k < LANES; k += PARTS) { sum += partial[k]; }
    gathered[lane] = sum;
  }
  workgroupBarrier();
  var sum = 0.0;
  for (var k = 0u; k < PARTS; k++) { sum += gathered[k]; }
  return sum;
}

@compute @workgroup_size(LANES)
fn main(@builtin(local_invocation_index) lane: u32, @builtin(workgroup_id) group: vec3u) {
  let trial = launch.first_group + group.x;
  let stride4 = launch.stride4;
  let own = (stride4 + LANES - 1u) / LANES;
  let model = launch.label_offset4 + trial * stride4;
  let held = 2u * trial * stride4;
  var v: array<vec4f, MOST>;
  var x: array<vec4f, MOST>;
  var sums: array<vec4f, MOST>;
  var slope: array<vec4f, MOST>;
  for (var k = 0u; k < own; k++) {
    let q = min(lane + k * LANES, stride4 - 1u);
    if (launch.start == 1u) {
      v[k] = -models[model + q];
    } else {
      v[k] = state[held + q];
      sums[k] = state[held + stride4 + q];
    }
  }
  let pull = launch.rate / f32(launch.batch);
  var errors = vec4f();
  var row = launch.first_row;
  for (var step = 0u; step < launch.steps; step++) {
    for (var b = 0u; b < launch.batch; b++) {
      if (row == launch.first_row || (row & 3u) == 0u) { errors = normals_at(trial, row >> 2u, 0u, PURPOSE_NOISE); }
      var sum = 0.0;
      for (var k = 0u; k < own; k++) {
        let q = lane + k * LANES;
        if (q < stride4) {
          x[k] = scale[launch.scale_offset4 + q] * normals_at(trial, row, q, PURPOSE_DESIGN);
          sum += dot(x[k], v[k]);
        }
      }
      let residual = total(sum, lane) - launch.noise * errors[row & 3u];
      for (var k = 0u; k < own; k++) {
        if (launch.batch == 1u) {
          v[k] -= (pull * residual) * x[k];
        } else {
          slope[k] += residual * x[k];
        }
      }
      row++;
    }
    if (launch.batch > 1u) {
      for (var k = 0u; k < own; k++) {
        v[k] -= pull * slope[k];
        slope[k] = vec4f();
      }
    }
    if (launch.averaging == 1u) {
      for (var k = 0u; k < own; k++) { sums[k] += v[k]; }
    }
  }
  for (var k = 0u; k < own; k++) {
    let q = lane + k * LANES;
    if (q < stride4) {
      state[held + q] = v[k];
      state[held + stride4 + q] = sums[k];
      if (launch.finish == 1u) {
        let mean = select(v[k], launch.share * sums[k], launch.averaging == 1u);
        estimates[trial * stride4 + q] = models[model + q] + mean;
      }
    }
  }
}
