// How two blocks of n1 and n2 rows share the d directions that least squares sees: their orthonormal columns as two upper
// bidiagonal matrices, started at the direction of the signal, and the label noise in their coordinates.
//   formula       level i = 0 .. levels - 1, with cosine and sine (c, s) along (chi_{n1-i}, chi_{n2-i}) and (k, p) along
//                 (chi_{n1+n2-d-i}, chi_{d-1-i}), all independent, k_{-1} = 1:
//                 B1[i][i] = k_{i-1} c_i, B1[i][i+1] = -s_i p_i;  B2[i][i] = k_{i-1} s_i, B2[i][i+1] = c_i p_i
//                 (CS decomposition of Haar columns: Edelman and Sutton, Found. Comput. Math. 8 (2008), 259-285)
//   writes        forms[6 i + e][trial], e: c, s, k, p, z1, z2 (k and p unused at the last level);
//                 forms[6 levels + e][trial], e: chi_{n1+n2}, chi_{n1+n2-d+1}, a normal, chi_{tail1}, chi_{tail2}
//   grid          item: two levels, the last one the five numbers; 64 trials per workgroup
//   error bound   that of random/chi.wgsl and random/normal.wgsl, and relative 4 eps of each cosine and sine

// (1, 0) where both lengths are 0 and nothing depends on the angle.
fn cosine_sine(a: vec2f) -> vec2f {
  let square = dot(a, a);
  return select(vec2f(1.0, 0.0), a * inverseSqrt(max(square, 1e-37)), square > 0.0);
}

fn write_level(trial: u32, i: u32, noise: vec2f) {
  if (i >= launch.levels) { return; }
  let share = cosine_sine(chi_pair_at(trial, 2u * i, vec2u(launch.first_rows - i, launch.second_rows - i)));
  let out = 6u * i * launch.trials + trial;
  forms[out] = share.x;
  forms[out + launch.trials] = share.y;
  forms[out + 4u * launch.trials] = noise.x;
  forms[out + 5u * launch.trials] = noise.y;
  if (i + 1u == launch.levels) { return; }
  let free = launch.first_rows + launch.second_rows - launch.columns;
  let carried = cosine_sine(chi_pair_at(trial, 2u * i + 1u, vec2u(free - i, launch.columns - 1u - i)));
  forms[out + 2u * launch.trials] = carried.x;
  forms[out + 3u * launch.trials] = carried.y;
}

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) lane: u32, @builtin(workgroup_id) group: vec3u) {
  let g = launch.first_group + group.x;
  let trial = (g / launch.items) * 64u + lane;
  let item = g % launch.items;
  if (trial >= launch.trials) { return; }
  if (item + 1u < launch.items) {
    let z = normals_at(trial, item, 0u, PURPOSE_REDUCED);
    write_level(trial, 2u * item, z.xy);
    write_level(trial, 2u * item + 1u, z.zw);
    return;
  }
  let rows = launch.first_rows + launch.second_rows;
  let lengths = chi_pair_at(trial, 0x80000000u, vec2u(rows, rows - launch.columns + 1u));
  let tails = chi_pair_at(trial, 0x80000001u, vec2u(launch.first_tail, launch.second_tail));
  let out = 6u * launch.levels * launch.trials + trial;
  forms[out] = lengths.x;
  forms[out + launch.trials] = lengths.y;
  forms[out + 2u * launch.trials] = normals_at(trial, 0x80000000u, 0u, PURPOSE_REDUCED).x;
  forms[out + 3u * launch.trials] = tails.x;
  forms[out + 4u * launch.trials] = tails.y;
}
