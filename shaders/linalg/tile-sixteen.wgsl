// Tiles of the 16 rows that rank-one.wgsl holds.

const TILE_ROWS: u32 = 16u;

fn clear_tile() {
  tile = array<vec4f, 16>();
}

// Moves the other rows up by four, so that a loop over all rows needs no index that varies.
fn advance() {
  tile[0] = tile[4]; tile[1] = tile[5]; tile[2] = tile[6]; tile[3] = tile[7];
  tile[4] = tile[8]; tile[5] = tile[9]; tile[6] = tile[10]; tile[7] = tile[11];
  tile[8] = tile[12]; tile[9] = tile[13]; tile[10] = tile[14]; tile[11] = tile[15];
}
