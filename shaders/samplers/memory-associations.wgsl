// How strongly every token calls up every label, before labels are told from each other.
//   formula       a_z(i) = sum_{k labelled z} q_k <e_i, e_k>, token k labelled k mod labels, q_k the count of k or, where SEEN, whether it
//                 was seen
//   reads         counts[trial][token]; tokens[trial][k][i], inner products times d
//   writes        associations[trial][z][i] times d, two's complement; stored[trial][z]: 1 where a token labelled z was seen
//   grid          x: 64 tokens; y: trial
//   exactness     integers only, below 2^31

override SEEN: bool = false;

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) lane: u32, @builtin(workgroup_id) group: vec3u) {
  let token = (launch.first_group + group.x) * 64u + lane;
  if (token >= launch.tokens) { return; }
  let first = group.y * launch.tokens;
  for (var z = 0u; z < launch.labels; z++) {
    var sum = 0i;
    var seen = 0u;
    for (var k = z; k < launch.tokens; k += launch.labels) {
      let count = counts[first + k];
      if (count == 0u) { continue; }
      seen = 1u;
      sum += select(i32(count), 1i, SEEN) * bitcast<i32>(tokens[(first + k) * launch.tokens + token]);
    }
    let row = group.y * launch.labels + z;
    associations[row * launch.tokens + token] = bitcast<u32>(sum);
    if (token == 0u) { stored[row] = seen; }
  }
}
