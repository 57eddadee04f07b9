// Inner products of embeddings, times the dimension d: integers.
//   formula       d <e_a, e_b> = d - 2 (number of signs that differ)
//   reads         signs[trial][row][word]
//   writes        products[trial][a][b] of rows `offset` .. `offset` + `count` - 1, two's complement
//   grid          x: a, and 64 of b; y: trial
//   exactness     integers only

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) lane: u32, @builtin(workgroup_id) group: vec3u) {
  let pieces = (launch.count + 63u) / 64u;
  let at = launch.first_group + group.x;
  let a = at / pieces;
  let b = (at % pieces) * 64u + lane;
  if (b >= launch.count) { return; }
  let rows = group.y * launch.rows + launch.offset;
  var differ = 0u;
  for (var word = 0u; word < launch.words; word++) {
    differ += countOneBits(signs[(rows + a) * launch.words + word] ^ signs[(rows + b) * launch.words + word]);
  }
  products[(group.y * launch.count + a) * launch.count + b] = launch.dimension - 2u * differ;
}
