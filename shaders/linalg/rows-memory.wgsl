// The 16 entries of a row that all lanes multiply by, through workgroup memory: 16 rows are brought in at a time.
// For GPUs, where a broadcast read of workgroup memory is nearly free, and wherever there are no subgroups.

struct Lane {
  @builtin(local_invocation_index) index: u32,
}

var<workgroup> staged: array<vec4f, 64 * (LANES / SHARE)>;

// Brings in rows `first .. first + 15`; `source` is the kernel's own.
fn stage(first: u32, lane: Lane) {
  let slot = 64u * (lane.index / SHARE);
  for (var l = lane.index % SHARE; l < 64u; l += SHARE) { staged[slot + l] = source(first + l / 4u, l % 4u); }
  workgroupBarrier();
}

// Row `first + k`, k < 16.
fn entries(first: u32, k: u32, lane: Lane) -> mat4x4f {
  let at = 64u * (lane.index / SHARE) + 4u * k;
  return mat4x4f(staged[at], staged[at + 1u], staged[at + 2u], staged[at + 3u]);
}

// Adds rows `first .. first + 15`, which are staged, to the tile, each times the columns of the lane, `beside` of the kernel.
fn add_sixteen(first: u32, lane: Lane) {
  for (var k = 0u; k < 16u; k++) { rank_one(entries(first, k, lane), beside(first + k)); }
}

fn release() {
  workgroupBarrier();
}
