// A tile of 16 rows and 4 columns in the registers of every lane, and what is added to it.
//   formula       tile[4 q + e] += rows[q][e] * columns,  q, e < 4
// All indices are constants: only then do drivers keep the tile in registers.

// Lanes of a workgroup.
override LANES: u32 = 32u;
// Lanes that work on the same matrix; fewer than LANES where a workgroup serves several small matrices.
override SHARE: u32 = LANES;

var<private> tile: array<vec4f, 16>;

fn clear_tile() {
  tile = array<vec4f, 16>();
}

fn rank_one(rows: mat4x4f, columns: vec4f) {
  tile[0] += rows[0].x * columns;
  tile[1] += rows[0].y * columns;
  tile[2] += rows[0].z * columns;
  tile[3] += rows[0].w * columns;
  tile[4] += rows[1].x * columns;
  tile[5] += rows[1].y * columns;
  tile[6] += rows[1].z * columns;
  tile[7] += rows[1].w * columns;
  tile[8] += rows[2].x * columns;
  tile[9] += rows[2].y * columns;
  tile[10] += rows[2].z * columns;
  tile[11] += rows[2].w * columns;
  tile[12] += rows[3].x * columns;
  tile[13] += rows[3].y * columns;
  tile[14] += rows[3].z * columns;
  tile[15] += rows[3].w * columns;
}

// 4, but compilers do not know it: they leave alone a loop that ends there. Unrolled, the outer loops of solves run no faster
// and take lavapipe ten seconds to compile.
fn four() -> u32 {
  return select(4u, 0u, launch.stride4 == 0u);
}

// The first four rows of the tile.
fn head() -> mat4x4f {
  return mat4x4f(tile[0], tile[1], tile[2], tile[3]);
}

// Moves the other rows up by four, so that a loop over all rows needs no index that varies.
fn advance() {
  tile[0] = tile[4]; tile[1] = tile[5]; tile[2] = tile[6]; tile[3] = tile[7];
  tile[4] = tile[8]; tile[5] = tile[9]; tile[6] = tile[10]; tile[7] = tile[11];
  tile[8] = tile[12]; tile[9] = tile[13]; tile[10] = tile[14]; tile[11] = tile[15];
}

// Of an upper triangle in row blocks of 16, each with workgroups of LANES quads of columns from its diagonal on: the block of workgroup `number`
// of those from block `first` on, and its number there. `last`: of all blocks.
fn triangle_block(number: u32, first: u32, last: u32) -> vec2u {
  var g = number;
  var b = first;
  // At most stride / 16 steps of integers.
  for (; b < last; b++) {
    let groups = (launch.stride4 - 4u * b + LANES - 1u) / LANES;
    if (g < groups) { break; }
    g -= groups;
  }
  return vec2u(b, g);
}
