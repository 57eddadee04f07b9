// Where a random number stands: the key names the seed, the block of data and its generation, the counter names trial,
// row and four neighbouring columns, and the purpose keeps designs, label noise and true coefficients apart, and the chi
// and normal numbers of samplers that replace a design by a smaller problem; and tokens.
//   reads         launch.seed_low, launch.seed_high, launch.unit, launch.generation, launch.first_trial
// A value depends on its address alone, never on batch, tile or workgroup.

const PURPOSE_DESIGN = 0u;
const PURPOSE_NOISE = 1u;
const PURPOSE_TRUTH = 2u;
const PURPOSE_CHI = 3u;
const PURPOSE_REDUCED = 4u;
const PURPOSE_TOKEN = 5u;

fn words_at(trial: u32, row: u32, column_block: u32, purpose: u32) -> vec4u {
  let key = vec4u(launch.seed_low, launch.seed_high, launch.unit, launch.generation);
  return threefry4x32(vec4u(launch.first_trial + trial, row, column_block, purpose), key);
}

fn normals_at(trial: u32, row: u32, column_block: u32, purpose: u32) -> vec4f {
  return standard_normals(words_at(trial, row, column_block, purpose));
}
