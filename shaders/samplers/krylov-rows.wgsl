// Random numbers of a standard normal design X that is only looked at along chosen directions (samplers/krylov-reveal.wgsl).
//   formula       rows[l] = g_l standard normal, chis[l] = chi_{T - l}, l < directions; both 0 from l = T on
//   writes        rows[trial][j/4][l] as vec4 over j, row length 4 * columns4, `capacity` numbers l; zero beyond the data;
//                 chis[trial][l]
//   grid          x: one invocation per (l, 4 columns), l fastest; y: trial
//   error bound   that of random/normal.wgsl and random/chi.wgsl

const FIRST = 0x40000000u;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let item = launch.first_group * 64u + id.x;
  let l = item % launch.directions;
  let block = item / launch.directions;
  if (block >= launch.columns4) { return; }
  var g = vec4f(0.0);
  if (l < launch.samples) {
    g = normals_at(id.y, FIRST + l, block, PURPOSE_REDUCED);
    for (var k = 0u; k < 4u; k++) {
      if (4u * block + k >= launch.columns) { g[k] = 0.0; }
    }
  }
  rows[(id.y * launch.columns4 + block) * launch.capacity + l] = g;
  if (block == 0u) {
    chis[id.y * launch.capacity + l] = chi_pair_at(id.y, FIRST + l, vec2u(launch.samples - min(l, launch.samples), 0u)).x;
  }
}
