// Sixteen words that all lanes want, four read by each of four lanes of a subgroup (any size from 4). For drivers on CPUs, which read for every
// lane by itself, word by word.

struct Lane {
  @builtin(local_invocation_index) index: u32,
  @builtin(subgroup_invocation_id) place: u32,
}

// `source` is the kernel's own.
fn sixteen_words(first: u32, lane: Lane) -> array<vec4u, 4> {
  let four = source(first, lane.place % 4u);
  return array<vec4u, 4>(
    subgroupBroadcast(four, 0u),
    subgroupBroadcast(four, 1u),
    subgroupBroadcast(four, 2u),
    subgroupBroadcast(four, 3u),
  );
}
