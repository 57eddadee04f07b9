// Four quads that all lanes want, each read by one lane of four of a subgroup (any size from 4). For drivers on CPUs, which read for
// every lane by itself, number by number.

struct Lane {
  @builtin(local_invocation_index) index: u32,
  @builtin(subgroup_invocation_id) place: u32,
}

// `source` and what a `Quad` is are the kernel's own.
fn four_quads(first: u32, lane: Lane) -> array<Quad, 4> {
  let quad = source(first, lane.place % 4u);
  return array<Quad, 4>(
    subgroupBroadcast(quad, 0u),
    subgroupBroadcast(quad, 1u),
    subgroupBroadcast(quad, 2u),
    subgroupBroadcast(quad, 3u),
  );
}
