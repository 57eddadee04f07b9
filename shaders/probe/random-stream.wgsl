// One slab of the random stream in a given order, for statistical batteries: 4096 lines of 1024 columns.
//   formula       slab s of orders row and column is trial s, its lines are rows; slab s of order trial is row s, its
//                 lines are trials. Purpose: design
//   reads         launch.slab; launch.first_trial = s, in order trial 0
//   writes        stream[line * 1024 + column] in order column, stream[column * 4096 + line] else: random words, with
//                 NORMALS the bits of the normals made of them, with ROUNDS = 4 the words of a Threefry cut to 4 rounds,
//                 which a battery must find out
//   grid          x: one invocation per (line, 4 columns)
//   exactness     the words are those of random/address.wgsl; tested against the reference

const LINES = 4096u;
const BLOCKS = 256u;
const ORDER_TRIAL = 0u;
const ORDER_COLUMN = 2u;

override ORDER: u32 = 0u;
override NORMALS: bool = false;
override ROUNDS: u32 = 20u;

fn four_rounds(trial: u32, row: u32, column_block: u32) -> vec4u {
  let key = vec4u(launch.seed_low, launch.seed_high, launch.unit, launch.generation);
  let counter = vec4u(launch.first_trial + trial, row, column_block, PURPOSE_DESIGN);
  return threefry_rounds_a(counter + key) + key.yzwx;
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let item = launch.first_group * 64u + id.x;
  let by_column = ORDER == ORDER_COLUMN;
  let line = select(item % LINES, item / BLOCKS, by_column);
  let block = select(item / LINES, item % BLOCKS, by_column);
  if (line >= LINES || block >= BLOCKS) { return; }
  let trial = select(0u, line, ORDER == ORDER_TRIAL);
  let row = select(line, launch.slab, ORDER == ORDER_TRIAL);
  var out: vec4u;
  if (NORMALS) {
    out = bitcast<vec4u>(normals_at(trial, row, block, PURPOSE_DESIGN));
  } else if (ROUNDS == 4u) {
    out = four_rounds(trial, row, block);
  } else {
    out = words_at(trial, row, block, PURPOSE_DESIGN);
  }
  let first = select(4u * block * LINES + line, 4u * item, by_column);
  let step = select(LINES, 1u, by_column);
  for (var k = 0u; k < 4u; k++) { stream[first + k * step] = out[k]; }
}
