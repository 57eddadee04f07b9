// One least-squares fit of a chain, on at least as many rows as features: the deviation from the truth grows.
//   formula       a'^2 = a^2 + noise^2 / chi^2_{T - d + 1}: the sum of independent multivariate t vectors that share h
//                 E = a'^2 ||h||^2
//                 a' h turns round with the noise: its a'^2 is kept as -a'^2
//   reads         variances[slot][trial] = +-a^2, slot `labels`; lengths[trial] = ||h||^2
//   writes        variances[slot][trial], slot `slot` unless it is NONE; errors[trial] from `error_offset` unless it is NONE
//   grid          x: one invocation per trial; y: 1
//   error bound   that of random/chi.wgsl, relative, plus 4 eps

const NONE = 0xffffffffu;
const LEAST_SQUARES = 0xc0000000u;

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) lane: u32, @builtin(workgroup_id) group: vec3u) {
  let trial = (launch.first_group + group.x) * 64u + lane;
  if (trial >= launch.trials) { return; }
  let chi = chi_pair_at(trial, LEAST_SQUARES, vec2u(launch.samples - launch.columns + 1u, 0u)).x;
  let grown = launch.noise / chi;
  let variance = abs(variances[launch.labels * launch.trials + trial]) + grown * grown;
  if (launch.slot != NONE) {
    variances[launch.slot * launch.trials + trial] = select(variance, -variance, launch.noise < 0.0);
  }
  if (launch.error_offset != NONE) { errors[launch.error_offset + trial] = variance * lengths[trial]; }
}
