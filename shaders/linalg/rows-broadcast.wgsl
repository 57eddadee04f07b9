// The 16 entries of a row that all lanes multiply by, through the registers of four lanes of a subgroup (any size from 4).
// For drivers on CPUs, where workgroup memory and barriers cost more than they save.

struct Lane {
  @builtin(local_invocation_index) index: u32,
  @builtin(subgroup_invocation_id) place: u32,
}

fn stage(first: u32, lane: Lane) {}

// Row `first + k`, k < 16; `source` is the kernel's own.
fn entries(first: u32, k: u32, lane: Lane) -> mat4x4f {
  let quarter = source(first + k, lane.place % 4u);
  return mat4x4f(
    subgroupBroadcast(quarter, 0u),
    subgroupBroadcast(quarter, 1u),
    subgroupBroadcast(quarter, 2u),
    subgroupBroadcast(quarter, 3u),
  );
}

// Adds rows `first .. first + 15` to the tile, each times the columns of the lane, `beside` of the kernel. By fours: a processor
// keeps the tile in memory.
fn add_sixteen(first: u32, lane: Lane) {
  for (var k = 0u; k < 16u; k += 4u) {
    let row = first + k;
    rank_four(
      &tile,
      entries(first, k, lane),
      entries(first, k + 1u, lane),
      entries(first, k + 2u, lane),
      entries(first, k + 3u, lane),
      mat4x4f(beside(row), beside(row + 1u), beside(row + 2u), beside(row + 3u)),
    );
  }
}

fn release() {}
