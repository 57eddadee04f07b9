// Tokens of a sample: from a law, or from the histogram of an earlier sample.
//   formula       draw j is token_of its words in the table, or source[member j], a uniformly random draw of the source, which is
//                 a draw from its histogram
//   reads         table; source[trial][..], `source_size` of them, rows `stride` apart
//   writes        kept[trial][j] for j < `kept_size`, same rows; seen[trial][token] = ~(position of its first draw), position
//                 `offset` + j, where `marked`: 0 stays where a token was never drawn, so that clearing forgets all. Token
//                 `tokens` is the lump, which has no place
//   grid          x: 1024 draws; y: trial
//   exactness     integers only
// Where a token was seen before is read first: only the few draws that come earlier than it wait for each other.

override FROM_SAMPLE: bool = false;

const LANES = 64u;
const DRAWS = 1024u;

fn mark(trial: u32, token: u32, draw: u32) {
  if (launch.marked == 0u || token >= launch.tokens) { return; }
  let place = trial * launch.tokens + token;
  let position = ~(launch.offset + draw);
  if (atomicLoad(&seen[place]) < position) { atomicMax(&seen[place], position); }
}

fn take(trial: u32, draw: u32, token: u32) {
  if (draw >= launch.size) { return; }
  if (draw < launch.kept_size) { kept[trial * launch.stride + draw] = token; }
  mark(trial, token, draw);
}

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) lane: u32, @builtin(workgroup_id) group: vec3u) {
  let trial = group.y;
  let first = (launch.first_group + group.x) * DRAWS;
  if (FROM_SAMPLE) {
    for (var i = 0u; i < DRAWS / (4u * LANES); i++) {
      let block = first / 4u + i * LANES + lane;
      if (4u * block >= launch.size) { return; }
      let members = members_at(trial, block, PURPOSE_TOKEN, launch.source_size, launch.refused);
      let place = vec4u(trial * launch.stride) + members;
      take(trial, 4u * block, source[place.x]);
      take(trial, 4u * block + 1u, source[place.y]);
      take(trial, 4u * block + 2u, source[place.z]);
      take(trial, 4u * block + 3u, source[place.w]);
    }
  } else {
    for (var i = 0u; i < DRAWS / (2u * LANES); i++) {
      let block = first / 2u + i * LANES + lane;
      if (2u * block >= launch.size) { return; }
      let words = words_at(trial, block, 0u, PURPOSE_TOKEN);
      take(trial, 2u * block, token_of(words.xy, launch.bits));
      take(trial, 2u * block + 1u, token_of(words.zw, launch.bits));
    }
  }
}
