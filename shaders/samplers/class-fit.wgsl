// Ridge regression on kept rows, of which only what labels and judge know has been drawn: the rest of each row is Gaussian and
// independent, so that its Gram matrix is drawn in a band, not entry by entry.
//   formula       with [X_U y] = Q R (T x 5): X_V'Q = G standard normal (D x 5), X_V'X_V = G G' + W, W Wishart with T - 5 degrees of
//                 freedom, D = d - 4. In a basis of V that begins with the columns of G, W = B'B with B upper banded:
//                 B[i][i] = chi_{T - 5 - i}, B[i][i + 1 .. i + 4] normal, B[i][i + 5] = chi_{D - 5 - i}. With S = G'(W + p)^-1 G,
//                 S_2 = G'(W + p)^-2 G, J = (1 + S)^-1, p = n ridge:
//                 w_U = (R_U' J R_U + p)^-1 R_U' J r_y, |w_V|^2 = c' J S_2 J c, c = r_y - R_U w_U
//   reads         sums[chunk][16][trial] of samplers/class-rows.wgsl
//   writes        models[slot][4][trial] = w along the three given directions, and the length of what is beside them;
//                 NaN where fewer than LEAST rows were kept; shares[slot][trial]: rows kept over those that chance would keep
//   grid          item: one; 64 trials per workgroup
//   error bound   as measured, 2e-5 of |w| (docs/numerics.md)
//
// S is the Schur complement on the first five columns: columns are eliminated from the last to the first. `least` is the least of
// y'(B'B + p)y over the columns that are gone, as a form in the next five, `beyond` their squared length there.

const LEAST = 10.0;
const BESIDE = 0x80000000u;

alias Form = array<array<f32, 5>, 5>;

// Lower Cholesky factor in place; false where a pivot is not positive.
fn factor(a: ptr<function, Form>, n: u32) -> bool {
  for (var i = 0u; i < n; i++) {
    for (var j = 0u; j <= i; j++) {
      var sum = (*a)[i][j];
      for (var k = 0u; k < j; k++) { sum -= (*a)[i][k] * (*a)[j][k]; }
      if (i == j) {
        if (!(sum > 0.0)) { return false; }
        (*a)[i][i] = sqrt(sum);
      } else { (*a)[i][j] = sum / (*a)[j][j]; }
    }
  }
  return true;
}

fn solve(l: ptr<function, Form>, n: u32, b: array<f32, 5>) -> array<f32, 5> {
  var x = b;
  for (var i = 0u; i < n; i++) {
    for (var k = 0u; k < i; k++) { x[i] -= (*l)[i][k] * x[k]; }
    x[i] /= (*l)[i][i];
  }
  for (var i = n; i > 0u; i--) {
    for (var k = i; k < n; k++) { x[i - 1u] -= (*l)[k][i - 1u] * x[k]; }
    x[i - 1u] /= (*l)[i - 1u][i - 1u];
  }
  return x;
}

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) lane: u32, @builtin(workgroup_id) group: vec3u) {
  let trial = (launch.first_group + group.x) * 64u + lane;
  let stride = launch.trials;
  if (trial >= stride) { return; }
  var sum: array<f32, 16>;
  for (var chunk = 0u; chunk < launch.chunks; chunk++) {
    let at = chunk * 16u * stride + trial;
    for (var k = 0u; k < 16u; k++) { sum[k] += sums[at + k * stride]; }
  }
  let slot = launch.slot * 4u * stride + trial;
  let kept = sum[10];
  shares[launch.slot * stride + trial] = select(bitcast<f32>(launch.not_a_number), kept / sum[11], sum[11] > 0.0);
  if (kept < LEAST) {
    for (var k = 0u; k < 4u; k++) { models[slot + k * stride] = bitcast<f32>(launch.not_a_number); }
    return;
  }

  // R' of [X_U y]: lower triangle, row 5 that of y.
  var root: Form;
  root[0][0] = sum[0];
  root[1][0] = sum[1]; root[1][1] = sum[4];
  root[2][0] = sum[2]; root[2][1] = sum[5]; root[2][2] = sum[7];
  root[3][0] = sum[3]; root[3][1] = sum[6]; root[3][2] = sum[8]; root[3][3] = sum[9];
  for (var j = 0u; j < 4u; j++) { root[4][j] = sum[12u + j]; }
  root[4][4] = kept;
  let independent = factor(&root, 5u);

  let columns = launch.columns;
  let freedom = u32(kept) - 5u;
  let penalty = launch.penalty;
  var least: Form;
  var beyond: Form;
  for (var i = min(freedom, columns); i > 0u; i--) {
    let row = i - 1u;
    let z = normals_at(trial, row, 0u, PURPOSE_REDUCED);
    let last = select(0u, columns - 5u - row, columns > 5u + row);
    let chi = chi_pair_at(trial, row, vec2u(freedom - row, last));
    var b = array<f32, 6>(chi.x, z.x, z.y, z.z, z.w, chi.y);
    for (var k = 1u; k < 5u; k++) { if (row + k >= columns) { b[k] = 0.0; } }
    // Columns row .. row + 5; the last one goes.
    let pivot = least[4][4] + b[5] * b[5] + penalty;
    var share: array<f32, 5>;
    var mixed: array<f32, 5>;
    for (var k = 0u; k < 5u; k++) {
      var cross = b[k] * b[5];
      if (k > 0u) {
        cross += least[4][k - 1u];
        mixed[k] = beyond[4][k - 1u];
      }
      share[k] = -cross / pivot;
    }
    let own = beyond[4][4] + 1.0;
    var next: Form;
    var next_beyond: Form;
    for (var j = 0u; j < 5u; j++) {
      for (var k = 0u; k <= j; k++) {
        var form = b[j] * b[k] - share[j] * share[k] * pivot;
        var length_of = mixed[j] * share[k] + mixed[k] * share[j] + own * share[j] * share[k];
        if (k > 0u) {
          form += least[j - 1u][k - 1u];
          length_of += beyond[j - 1u][k - 1u];
        }
        next[j][k] = form;
        next_beyond[j][k] = length_of;
      }
    }
    least = next;
    beyond = next_beyond;
  }

  // The columns of G: upper triangle, column j of entries 0 .. j.
  for (var k = 0u; k < 5u; k++) { least[k][k] += penalty; }
  let bounded = factor(&least, 5u);
  var start: Form;
  for (var j = 0u; j < 5u; j++) {
    let z = normals_at(trial, BESIDE + j, 0u, PURPOSE_REDUCED);
    start[j][j] = chi_pair_at(trial, BESIDE + j, vec2u(columns - j, 0u)).x;
    for (var k = j + 1u; k < 5u; k++) { start[k][j] = z[k - j - 1u]; }
  }
  var response: Form; // column j: (W + p)^-1 G e_j in the first five columns
  for (var j = 0u; j < 5u; j++) { response[j] = solve(&least, 5u, start[j]); }
  var inner: Form; // 1 + S
  for (var j = 0u; j < 5u; j++) {
    for (var k = 0u; k <= j; k++) {
      var product = select(0.0, 1.0, j == k);
      for (var i = 0u; i < 5u; i++) { product += start[j][i] * response[k][i]; }
      inner[j][k] = product;
    }
  }
  let inverted = factor(&inner, 5u);

  // (R_U' J R_U + p) w_U = R_U' J r_y: root[j][i], i <= j, is R[i][j].
  var weighed: Form; // J times column j of R
  for (var j = 0u; j < 5u; j++) { weighed[j] = solve(&inner, 5u, root[j]); }
  var normal: Form;
  var side: array<f32, 5>;
  for (var j = 0u; j < 4u; j++) {
    for (var k = 0u; k <= j; k++) {
      var product = select(0.0, penalty, j == k);
      for (var i = 0u; i <= k; i++) { product += root[k][i] * weighed[j][i]; }
      normal[j][k] = product;
    }
    for (var i = 0u; i <= j; i++) { side[j] += root[j][i] * weighed[4][i]; }
  }
  let regular = factor(&normal, 4u);
  let w = solve(&normal, 4u, side);
  var rest: array<f32, 5>; // J c
  for (var i = 0u; i < 5u; i++) {
    rest[i] = weighed[4][i];
    for (var j = 0u; j < 4u; j++) { rest[i] -= w[j] * weighed[j][i]; }
  }
  var along: array<f32, 5>;
  for (var j = 0u; j < 5u; j++) { for (var i = 0u; i < 5u; i++) { along[i] += rest[j] * response[j][i]; } }
  var square = 0.0;
  for (var i = 0u; i < 5u; i++) {
    square += along[i] * along[i];
    for (var k = 0u; k < 5u; k++) { square += along[i] * along[k] * beyond[max(i, k)][min(i, k)]; }
  }
  let beside = sqrt(w[3] * w[3] + square);
  let found = independent && bounded && inverted && regular;
  let model = vec4f(w[0], w[1], w[2], beside);
  for (var k = 0u; k < 4u; k++) {
    models[slot + k * stride] = select(bitcast<f32>(launch.not_a_number), model[k], found);
  }
}
