// Inner products of embeddings, times the dimension d: integers.
//   formula       d <e_a, e_b> = d - 2 (number of signs that differ)
//   reads         signs[trial][row][word]
//   writes        products[trial][a][b] of rows `offset` .. `offset` + `count` - 1, two's complement
//   grid          x: four of a, and 64 of b; y: trial
//   exactness     integers only

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) lane: u32, @builtin(workgroup_id) group: vec3u) {
  let pieces = (launch.count + 63u) / 64u;
  let at = launch.first_group + group.x;
  let a = vec4u(4u * (at / pieces)) + vec4u(0u, 1u, 2u, 3u);
  let b = (at % pieces) * 64u + lane;
  // Half of the products are the others turned over.
  if (b >= launch.count || b < a.x) { return; }
  let rows = group.y * launch.rows + launch.offset;
  let left = (vec4u(rows) + min(a, vec4u(launch.count - 1u))) * launch.words;
  let right = (rows + b) * launch.words;
  var differ = vec4u(0u);
  for (var word = 0u; word < launch.words; word++) {
    let four = vec4u(signs[left.x + word], signs[left.y + word], signs[left.z + word], signs[left.w + word]);
    differ += countOneBits(four ^ vec4u(signs[right + word]));
  }
  let first = group.y * launch.count * launch.count;
  for (var r = 0u; r < 4u; r++) {
    if (a[r] > b) { return; }
    products[first + a[r] * launch.count + b] = launch.dimension - 2u * differ[r];
    products[first + b * launch.count + a[r]] = launch.dimension - 2u * differ[r];
  }
}
