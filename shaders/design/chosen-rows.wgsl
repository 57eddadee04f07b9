// Chooses rows at random: every set of `rows` of the `pool` rows equally likely, in rising order.
//   formula       row i is chosen if floor(word left / 2^32) < rows - chosen, left = pool - i (selection sampling: Knuth,
//                 TAOCP 2, 3.4.2 S)
//   writes        picks[trial][k], k < rows
//   grid          64 trials per workgroup
//   exactness     integers only; the chance of a choice is off by less than pool 2^-32

fn high_word(a: u32, b: u32) -> u32 {
  let low = (a & 0xffffu) * (b & 0xffffu);
  let middle = (a >> 16u) * (b & 0xffffu) + (low >> 16u);
  let cross = (a & 0xffffu) * (b >> 16u) + (middle & 0xffffu);
  return (a >> 16u) * (b >> 16u) + (middle >> 16u) + (cross >> 16u);
}

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) lane: u32, @builtin(workgroup_id) group: vec3u) {
  let trial = (launch.first_group + group.x) * 64u + lane;
  if (trial >= launch.trials) { return; }
  var chosen = 0u;
  for (var block = 0u; 4u * block < launch.pool; block++) {
    let words = words_at(trial, block, 0u, PURPOSE_TOKEN);
    for (var k = 0u; k < 4u; k++) {
      let i = 4u * block + k;
      if (i < launch.pool && high_word(words[k], launch.pool - i) < launch.rows - chosen) {
        picks[trial * launch.rows + chosen] = i;
        chosen++;
      }
    }
  }
}
