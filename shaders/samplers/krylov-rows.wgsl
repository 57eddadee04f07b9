// Random numbers of a standard normal design X that is only looked at along chosen directions (samplers/krylov-solve.wgsl).
//   formula       g_l standard normal, chi_{T - l}, l < directions; both 0 from l = T on
//   writes        rows[trial][l]: g_l as vec4 over 4 * columns4 columns, zero beyond the data, and behind them chi, 0, 0, 0; room for
//                 `capacity` numbers l
//   grid          x: one invocation per (l, 4 columns or chi), columns fastest; y: trial
//   error bound   that of random/normal.wgsl and random/chi.wgsl

const FIRST = 0x40000000u;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let item = launch.first_group * 64u + id.x;
  let pitch = launch.columns4 + 1u;
  let l = item / pitch;
  let block = item % pitch;
  if (l >= launch.directions) { return; }
  var g = vec4f(0.0);
  if (block == launch.columns4) {
    g.x = chi_pair_at(id.y, FIRST + l, vec2u(launch.samples - min(l, launch.samples), 0u)).x;
  } else if (l < launch.samples) {
    g = normals_at(id.y, FIRST + l, block, PURPOSE_REDUCED);
    for (var k = 0u; k < 4u; k++) {
      if (4u * block + k >= launch.columns) { g[k] = 0.0; }
    }
  }
  rows[(id.y * launch.capacity + l) * pitch + block] = g;
}
