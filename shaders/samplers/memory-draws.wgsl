// How often each token was drawn from a law.
//   formula       draw j is token_of its words in the table
//   reads         table
//   writes        counts[trial][token] for draws `first` .. `end` - 1, added to what is there; token `tokens` has no place
//   grid          x: 1024 draws; y: trial
//   exactness     integers only

const LANES = 64u;
const ROUNDS = 8u;

fn count(trial: u32, draw: u32, token: u32) {
  if (draw < launch.first || draw >= launch.end || token >= launch.tokens) { return; }
  atomicAdd(&counts[trial * launch.tokens + token], 1u);
}

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) lane: u32, @builtin(workgroup_id) group: vec3u) {
  for (var round = 0u; round < ROUNDS; round++) {
    let block = launch.first / 2u + ((launch.first_group + group.x) * ROUNDS + round) * LANES + lane;
    if (2u * block >= launch.end) { return; }
    let words = words_at(group.y, block, 0u, PURPOSE_TOKEN);
    count(group.y, 2u * block, token_of(words.xy, launch.bits));
    count(group.y, 2u * block + 1u, token_of(words.zw, launch.bits));
  }
}
