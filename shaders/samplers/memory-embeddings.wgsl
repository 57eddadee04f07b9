// Random corners of the cube: the signs of all embeddings, one bit each.
//   formula       bit c % 32 of word c / 32 of a row is set where coordinate c is -1 / sqrt d; bits beyond d are not set
//   writes        signs[trial][row][word], `words` to a row
//   grid          x: 64 blocks of four words; y: trial
//   exactness     integers only

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) lane: u32, @builtin(workgroup_id) group: vec3u) {
  let blocks = (launch.words + 3u) / 4u;
  let at = (launch.first_group + group.x) * 64u + lane;
  if (at >= launch.rows * blocks) { return; }
  let row = at / blocks;
  let block = at % blocks;
  let drawn = words_at(group.y, row, block, PURPOSE_DESIGN);
  for (var k = 0u; k < 4u; k++) {
    let word = 4u * block + k;
    if (word >= launch.words) { return; }
    let live = min(launch.dimension - 32u * word, 32u);
    let mask = select(0xffffffffu, (1u << (live & 31u)) - 1u, live < 32u);
    signs[(group.y * launch.rows + row) * launch.words + word] = drawn[k] & mask;
  }
}
