// A tile of 16 rows and 4 columns in the registers of every lane, and what is added to it.
//   formula       tile[4 q + e] += rows[q][e] * columns,  q, e < 4;  rank_four: four of them, one after the other
// All indices are constants: only then do drivers keep the tile in registers.

// Lanes of a workgroup.
override LANES: u32 = 32u;
// Lanes that work on the same matrix; fewer than LANES where a workgroup serves several small matrices.
override SHARE: u32 = LANES;

var<private> tile: array<vec4f, 16>;

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

// Rows a, b, c and d, each times its column of `columns`: the sums of four rank_one, with every entry of a tile read and written once.
fn rank_four(sums: ptr<private, array<vec4f, 16>>, a: mat4x4f, b: mat4x4f, c: mat4x4f, d: mat4x4f, columns: mat4x4f) {
  (*sums)[0] = plus((*sums)[0], vec4f(a[0].x, b[0].x, c[0].x, d[0].x), columns);
  (*sums)[1] = plus((*sums)[1], vec4f(a[0].y, b[0].y, c[0].y, d[0].y), columns);
  (*sums)[2] = plus((*sums)[2], vec4f(a[0].z, b[0].z, c[0].z, d[0].z), columns);
  (*sums)[3] = plus((*sums)[3], vec4f(a[0].w, b[0].w, c[0].w, d[0].w), columns);
  (*sums)[4] = plus((*sums)[4], vec4f(a[1].x, b[1].x, c[1].x, d[1].x), columns);
  (*sums)[5] = plus((*sums)[5], vec4f(a[1].y, b[1].y, c[1].y, d[1].y), columns);
  (*sums)[6] = plus((*sums)[6], vec4f(a[1].z, b[1].z, c[1].z, d[1].z), columns);
  (*sums)[7] = plus((*sums)[7], vec4f(a[1].w, b[1].w, c[1].w, d[1].w), columns);
  (*sums)[8] = plus((*sums)[8], vec4f(a[2].x, b[2].x, c[2].x, d[2].x), columns);
  (*sums)[9] = plus((*sums)[9], vec4f(a[2].y, b[2].y, c[2].y, d[2].y), columns);
  (*sums)[10] = plus((*sums)[10], vec4f(a[2].z, b[2].z, c[2].z, d[2].z), columns);
  (*sums)[11] = plus((*sums)[11], vec4f(a[2].w, b[2].w, c[2].w, d[2].w), columns);
  (*sums)[12] = plus((*sums)[12], vec4f(a[3].x, b[3].x, c[3].x, d[3].x), columns);
  (*sums)[13] = plus((*sums)[13], vec4f(a[3].y, b[3].y, c[3].y, d[3].y), columns);
  (*sums)[14] = plus((*sums)[14], vec4f(a[3].z, b[3].z, c[3].z, d[3].z), columns);
  (*sums)[15] = plus((*sums)[15], vec4f(a[3].w, b[3].w, c[3].w, d[3].w), columns);
}

fn plus(sum: vec4f, factors: vec4f, columns: mat4x4f) -> vec4f {
  return sum + factors.x * columns[0] + factors.y * columns[1] + factors.z * columns[2] + factors.w * columns[3];
}

// 4, but compilers do not know it: they leave alone a loop that ends there. Unrolled, the outer loops of solves run no faster
// and take lavapipe ten seconds to compile.
fn four() -> u32 {
  return select(4u, 0u, launch.stride4 == 0u);
}

// Quads of rows of a tile, and no more known to compilers.
fn quads() -> u32 {
  return select(TILE_ROWS / 4u, 0u, launch.stride4 == 0u);
}

// Rows `first` up to `end`, sixteen at a time: staged, and added to the tile.
fn add_rows(first: u32, end: u32, lane: Lane) {
  for (var row = first; row < end; row += 16u) {
    stage(row, lane);
    add_sixteen(row, lane);
    release();
  }
}

// The first four rows of the tile.
fn head() -> mat4x4f {
  return mat4x4f(tile[0], tile[1], tile[2], tile[3]);
}

// Of an upper triangle in blocks of TILE_ROWS rows, each with workgroups of LANES quads of columns from its diagonal on: the block of workgroup
// `number` of those from block `first` on, and its number there. `last`: of all blocks.
fn triangle_block(number: u32, first: u32, last: u32) -> vec2u {
  var g = number;
  var b = first;
  // At most stride / 16 steps of integers.
  for (; b < last; b++) {
    let groups = (launch.stride4 - TILE_ROWS / 4u * b + LANES - 1u) / LANES;
    if (g < groups) { break; }
    g -= groups;
  }
  return vec2u(b, g);
}
