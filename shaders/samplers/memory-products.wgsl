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
  // The other half is the same turned over.
  if (b >= launch.count || b < a) { return; }
  let rows = group.y * launch.rows + launch.offset;
  var differ = 0u;
  for (var word = 0u; word < launch.words; word++) {
    differ += countOneBits(signs[(rows + a) * launch.words + word] ^ signs[(rows + b) * launch.words + word]);
  }
  let first = group.y * launch.count * launch.count;
  products[first + a * launch.count + b] = launch.dimension - 2u * differ;
  products[first + b * launch.count + a] = launch.dimension - 2u * differ;
}
