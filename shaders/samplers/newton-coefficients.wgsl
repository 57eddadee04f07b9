// What rows of estimated moments are of the rows behind them: x = c (mu + mean z) + sum_t g_t (z_t - mean z) / sqrt(n) = c mu + sum_t a_t z_t.
//   formula       a[t][i] = b[t][i] + (c_i - sum_t b[t][i]) / n, b = g / sqrt(n), t < n
//   updates       coefficients[trial][t][i], row length `stride`: from b to a
//   grid          a lane for a row i; trial
//   error bound   (n + 2) eps sum |b| / n

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) lane: u32, @builtin(workgroup_id) group: vec3u) {
  let row = (launch.first_group + group.x) * 64u + lane;
  if (row >= launch.rows) { return; }
  let class_of = select(1.0, -1.0, words_at(group.y, row, 0u, PURPOSE_TOKEN).x >= 0x80000000u);
  let base = group.y * launch.behind * launch.stride + row;
  var sum = 0.0;
  for (var t = 0u; t < launch.behind; t++) { sum += coefficients[base + t * launch.stride]; }
  let plus = (class_of - sum) / f32(launch.behind);
  for (var t = 0u; t < launch.behind; t++) { coefficients[base + t * launch.stride] += plus; }
}
