// What networks answer to fresh pairs, added up lane by lane.
//   formula       1 where the answer is right, or is `answer`; and the mean of -ln of the chances of the truth and of a generated label
//   reads         weights, taught
//   writes        outcomes[trial][layer][2][batch]: added to, or begun with the first example
//   grid          64 examples a workgroup; trial; network

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) lane: u32, @builtin(workgroup_id) group: vec3u) {
  let example = (launch.first_group + group.x) * 64u + lane;
  let network = launch.first_network + group.z;
  let layer = group.y * launch.layers + group.z;
  place(group.y, group.z, network, example);
  let pair = pair_at(group.y, launch.first_example + example);
  let label = generated(network, pair.divisor, layer * launch.batch + example);
  write_rows(pair);
  forward();
  let found = answer_of();
  let truth = min(pair.divisor, 4u * launch.answers4);
  let wanted = select(launch.answer, truth, launch.answer == 0u);
  let told = activation(logit_feature() + label - 1u);
  let true_logit = activation(logit_feature() + truth - 1u);
  // The share as it was given, not as a bound of a word.
  let share = shares[network];
  let loss = found.top + natural_log(found.sum) - (1.0 - share) * true_logit - share * told;
  let at = 2u * layer * launch.batch + example;
  let before = select(vec2f(outcomes[at], outcomes[at + launch.batch]), vec2f(), launch.first_example == 0u);
  outcomes[at] = before.x + select(0.0, 1.0, found.answer + 1u == wanted);
  outcomes[at + launch.batch] = before.y + loss;
}
