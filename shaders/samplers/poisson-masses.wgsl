// Mass of the tokens by when they are first drawn, where numbers of draws are Poisson: tokens are independent of each other.
//   formula       token i is unseen at checkpoint b if its word is below thresholds[i][b] = 2^32 exp(-T_b q_i), rounded, which
//                 falls with b; bin b holds the mass of the tokens that checkpoint b is the first to have seen
//   needs         random/address.wgsl, samplers/mass-bins.wgsl
//   reads         thresholds[token][b], rows `bins` long
//   writes        sums, as samplers/mass-bins.wgsl says
//   grid          x: 2048 tokens; y: trial; z: 32 bins
//   exactness     integers only; every chance is off by 2^-32 at most

const TOKENS = 2048u;

// The first checkpoint that has seen a token.
fn bin_of(token: u32, word: u32) -> u32 {
  let row = token * launch.bins;
  // Most tokens are seen by none.
  if (word < thresholds[row + launch.bins - 1u]) { return launch.bins; }
  var low = 0u;
  var high = launch.bins - 1u;
  for (var step = 0u; step < 32u && low < high; step++) {
    let middle = (low + high) / 2u;
    if (word >= thresholds[row + middle]) { high = middle; } else { low = middle + 1u; }
  }
  return low;
}

fn look(token: u32, word: u32, first: u32) {
  if (token < launch.tokens) { count(token, bin_of(token, word), first); }
}

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) lane: u32, @builtin(workgroup_id) group: vec3u) {
  clear_bins(lane);
  workgroupBarrier();
  let first = (launch.first_group + group.x) * TOKENS;
  for (var i = lane; i < TOKENS / 4u; i += 64u) {
    let block = first / 4u + i;
    let words = words_at(group.y, block, 0u, PURPOSE_TOKEN);
    look(4u * block, words.x, group.z * BINS);
    look(4u * block + 1u, words.y, group.z * BINS);
    look(4u * block + 2u, words.z, group.z * BINS);
    look(4u * block + 3u, words.w, group.z * BINS);
  }
  workgroupBarrier();
  write_bins(lane, group.y, group.z * BINS);
}
