// Sums of masses by bin, for a workgroup of 64 lanes and up to 32 bins at a time.
//   formula       a mass is 48 bits in two halves of 24, low first; its four limbs of 12 bits are summed apart
//   reads         masses[2 token], masses[2 token + 1]
//   writes        sums[(bin * 4 + limb) * trials + trial], added to what is there, bin from `first_bin` of the launch on
//   exactness     integers only: below 2^20 tokens no sum of limbs overflows, whatever the order

const BINS = 32u;

var<workgroup> partial: array<atomic<u32>, 128>;

fn clear_bins(lane: u32) {
  atomicStore(&partial[lane], 0u);
  atomicStore(&partial[lane + 64u], 0u);
}

// Adds the mass of a token to a bin, where that is one of the block from `first` on.
fn count(token: u32, bin: u32, first: u32) {
  if (bin < first || bin >= min(first + BINS, launch.bins)) { return; }
  let at = 4u * (bin - first);
  let low = masses[2u * token];
  let high = masses[2u * token + 1u];
  atomicAdd(&partial[at], low & 0xfffu);
  atomicAdd(&partial[at + 1u], low >> 12u);
  atomicAdd(&partial[at + 2u], high & 0xfffu);
  atomicAdd(&partial[at + 3u], high >> 12u);
}

fn write_bins(lane: u32, trial: u32, first: u32) {
  for (var i = lane; i < 4u * BINS; i += 64u) {
    let sum = atomicLoad(&partial[i]);
    if (sum > 0u) { atomicAdd(&sums[(4u * (launch.first_bin + first) + i) * launch.trials + trial], sum); }
  }
}
