// Left-looking Cholesky, step 2 of 3: factor the 16 x 16 diagonal block and invert the factor.
//   formula       A_pp = L_pp L_pp',  inverse = L_pp^-1
//   updates       matrix[trial][i][j], row length `stride`; statuses[trial] from `status_offset`: 1 + index of the first
//                 pivot that is not positive and finite, 0 if there is none
//   writes        inverses[trial][panel / 16][i][j], 16 x 16, zero above the diagonal
//   grid          x: 1 workgroup of 16 lanes, lane = row; y: trial
//   error bound   17 eps |L||L|' for the factor
// A pivot is tested on its bits before the root (WGSL may assume that NaN does not occur). A bad one is replaced by 1, so
// that the rest of the batch runs on; the status keeps the trial out of every mean.

var<workgroup> block: array<array<f32, 17>, 16>;
var<workgroup> inverse: array<array<f32, 17>, 16>;

@compute @workgroup_size(16)
fn main(@builtin(local_invocation_index) lane: u32, @builtin(workgroup_id) group: vec3u) {
  let trial = group.y;
  let stride = launch.stride;
  let base = (trial * stride + launch.panel) * stride + launch.panel;
  for (var j = 0u; j < 16u; j++) { block[lane][j] = matrix[base + lane * stride + j]; }
  workgroupBarrier();
  for (var j = 0u; j < 16u; j++) {
    var pivot = block[j][j];
    if (bitcast<u32>(pivot) - 0x00800000u >= 0x7f000000u) {
      if (lane == 0u && statuses[launch.status_offset + trial] == 0u) {
        statuses[launch.status_offset + trial] = launch.panel + j + 1u;
      }
      pivot = 1.0;
    }
    let root = sqrt(pivot);
    workgroupBarrier();
    if (lane == j) { block[j][j] = root; }
    if (lane > j) { block[lane][j] /= root; }
    workgroupBarrier();
    if (lane > j) {
      let l = block[lane][j];
      for (var k = j + 1u; k <= lane; k++) { block[lane][k] -= l * block[k][j]; }
    }
    workgroupBarrier();
  }
  // Lane c solves L x = e_c by forward substitution: column c of the inverse.
  for (var i = 0u; i < 16u; i++) {
    var x = select(0.0, 1.0, i == lane);
    for (var k = lane; k < i; k++) { x -= block[i][k] * inverse[k][lane]; }
    inverse[i][lane] = select(0.0, x / block[i][i], i >= lane);
  }
  workgroupBarrier();
  let out = (trial * stride + launch.panel) * 16u + lane * 16u;
  for (var j = 0u; j < 16u; j++) {
    matrix[base + lane * stride + j] = select(0.0, block[lane][j], j <= lane);
    inverses[out + j] = inverse[lane][j];
  }
}
