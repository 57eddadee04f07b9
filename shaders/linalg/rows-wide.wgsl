// Tiles of 32 rows, whose entries come through the registers of eight lanes of a subgroup (any size from 8). For drivers on CPUs: what a lane
// reads of its own columns, number by number, serves twice as many rows as with rows-broadcast.wgsl; sums are the same.

const TILE_ROWS: u32 = 32u;

struct Lane {
  @builtin(local_invocation_index) index: u32,
  @builtin(subgroup_invocation_id) place: u32,
}

// Rows 16 to 31; `tile` of rank-one.wgsl holds those before.
var<private> lower: array<vec4f, 16>;

fn clear_tile() {
  tile = array<vec4f, 16>();
  lower = array<vec4f, 16>();
}

// Moves the other rows up by four, so that a loop over all rows needs no index that varies.
fn advance() {
  tile[0] = tile[4]; tile[1] = tile[5]; tile[2] = tile[6]; tile[3] = tile[7];
  tile[4] = tile[8]; tile[5] = tile[9]; tile[6] = tile[10]; tile[7] = tile[11];
  tile[8] = tile[12]; tile[9] = tile[13]; tile[10] = tile[14]; tile[11] = tile[15];
  tile[12] = lower[0]; tile[13] = lower[1]; tile[14] = lower[2]; tile[15] = lower[3];
  lower[0] = lower[4]; lower[1] = lower[5]; lower[2] = lower[6]; lower[3] = lower[7];
  lower[4] = lower[8]; lower[5] = lower[9]; lower[6] = lower[10]; lower[7] = lower[11];
  lower[8] = lower[12]; lower[9] = lower[13]; lower[10] = lower[14]; lower[11] = lower[15];
}

fn stage(first: u32, lane: Lane) {}

// Adds rows `first .. first + 15` to the tile, each times the columns of the lane, `source` and `beside` of the kernel.
fn add_sixteen(first: u32, lane: Lane) {
  let eighth = lane.place % 8u;
  for (var k = 0u; k < 16u; k += 4u) {
    let row = first + k;
    let a = source(row, eighth);
    let b = source(row + 1u, eighth);
    let c = source(row + 2u, eighth);
    let d = source(row + 3u, eighth);
    let columns = mat4x4f(beside(row), beside(row + 1u), beside(row + 2u), beside(row + 3u));
    rank_four(&tile, upper(a), upper(b), upper(c), upper(d), columns);
    rank_four(&lower, below(a), below(b), below(c), below(d), columns);
  }
}

// Of a row of 32 entries, four in each of eight lanes, the first 16.
fn upper(eighth: vec4f) -> mat4x4f {
  return mat4x4f(
    subgroupBroadcast(eighth, 0u),
    subgroupBroadcast(eighth, 1u),
    subgroupBroadcast(eighth, 2u),
    subgroupBroadcast(eighth, 3u),
  );
}

// And the others.
fn below(eighth: vec4f) -> mat4x4f {
  return mat4x4f(
    subgroupBroadcast(eighth, 4u),
    subgroupBroadcast(eighth, 5u),
    subgroupBroadcast(eighth, 6u),
    subgroupBroadcast(eighth, 7u),
  );
}

fn release() {}
