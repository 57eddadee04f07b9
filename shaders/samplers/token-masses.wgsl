// Mass of the tokens by when they were first drawn: how much each further checkpoint has seen.
//   formula       bin b holds the mass of the tokens whose first position p has checkpoints[b - 1] <= p < checkpoints[b]
//   needs         samplers/mass-bins.wgsl
//   reads         seen[trial][token] = ~p, 0 where never; checkpoints from `first_bin` on, `bins` of them, rising
//   writes        sums, as samplers/mass-bins.wgsl says
//   grid          x: 2048 tokens; y: trial; z: 32 bins
//   exactness     integers only

const TOKENS = 2048u;

// The first checkpoint beyond a position: the bin that it belongs to.
fn bin_of(position: u32) -> u32 {
  var low = 0u;
  var high = launch.bins;
  for (var step = 0u; step < 32u && low < high; step++) {
    let middle = (low + high) / 2u;
    if (checkpoints[launch.first_bin + middle] > position) { high = middle; } else { low = middle + 1u; }
  }
  return low;
}

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) lane: u32, @builtin(workgroup_id) group: vec3u) {
  clear_bins(lane);
  workgroupBarrier();
  let first = (launch.first_group + group.x) * TOKENS;
  let end = min(first + TOKENS, launch.tokens);
  let row = group.y * launch.tokens;
  for (var token = first + lane; token < end; token += 64u) {
    let mark = seen[row + token];
    if (mark != 0u) { count(token, bin_of(~mark), group.z * BINS); }
  }
  workgroupBarrier();
  write_bins(lane, group.y, group.z * BINS);
}
