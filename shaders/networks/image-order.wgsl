// The order of an epoch: the rows that are learnt from, permuted, and after them those that are kept from it.
//   formula       eight rounds of a Feistel network on twice `half` bits, again while the number is not below `learnt`
//                 (Black and Rogaway, CT-RSA 2002); its keys are the words of (trial, epoch)
//   writes        order[trial][i], i < rows, row length `most_rows`: row number
//   grid          a lane for a row; trial
//   exactness     integers only

fn mixed(x: u32, key: u32) -> u32 {
  var h = (x + key) * 0x9e3779b1u;
  h = (h ^ (h >> 15u)) * 0x85ebca6bu;
  h = (h ^ (h >> 13u)) * 0xc2b2ae35u;
  return h ^ (h >> 16u);
}

fn shuffled(x: u32, keys: vec4u, others: vec4u) -> u32 {
  let mask = (1u << launch.half) - 1u;
  var left = x >> launch.half;
  var right = x & mask;
  for (var round = 0u; round < 8u; round++) {
    let key = select(keys[round % 4u], others[round % 4u], round >= 4u);
    let next = left ^ (mixed(right, key) & mask);
    left = right;
    right = next;
  }
  return (left << launch.half) | right;
}

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) lane: u32, @builtin(workgroup_id) group: vec3u) {
  let i = (launch.first_group + group.x) * 64u + lane;
  if (i >= launch.rows) { return; }
  let every = launch.held_out;
  var row = (i - launch.learnt + 1u) * every - 1u;
  if (i < launch.learnt) {
    let keys = words_at(group.y, launch.epoch, 0u, PURPOSE_TOKEN);
    let others = words_at(group.y, launch.epoch, 1u, PURPOSE_TOKEN);
    var place = shuffled(i, keys, others);
    while (place >= launch.learnt) { place = shuffled(place, keys, others); }
    row = place;
    if (every > 1u) { row += place / (every - 1u); }
  }
  order[group.y * launch.most_rows + i] = row;
}
