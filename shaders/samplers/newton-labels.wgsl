// Labelled rows of a block: class means added, labels drawn, those that the judge drops marked.
//   formula       x = z + c mu e_1; y = c, sign(x'l) or 1 with the chance sigmoid(x'l), turned round with a chance; kept where |x'o| is within
//                 bounds, has the sign of y if asked, and with one chance where y is right and another where it is wrong
//   reads         drawn[trial][t][j] as vec4 over j, row length 4 * stride4, `drawn_rows` of a trial: z; models[trial][slot][j] of `slots`:
//                 l in slot `labeller`, o, of any length, in slot `judge`
//   writes        design[trial][into + t][j] = x, labels[trial][into + t] = y or, where it is dropped, 0, t < rows; `held` rows of a trial
//   grid          a lane for a row; trial
//   exactness     scores are off by (columns + 10) eps |x||l|: one as near to a bound, or a chance to its random word, may fall on its other side

const CLASS = 0u;
const SIGN = 1u;

// Chance p as p 2^32 - 1, or all bits for p = 1.
fn happens(word: u32, chance: u32) -> bool { return word < chance || chance == 0xffffffffu; }

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) lane: u32, @builtin(workgroup_id) group: vec3u) {
  let row = (launch.first_group + group.x) * 64u + lane;
  if (row >= launch.rows) { return; }
  let words = words_at(group.y, row, 0u, PURPOSE_TOKEN);
  let class_of = select(1.0, -1.0, words.x >= 0x80000000u);
  let source = (group.y * launch.drawn_rows + row) * launch.stride4;
  let to = group.y * launch.held + launch.into + row;
  let l = (group.y * launch.slots + launch.labeller) * launch.stride4;
  let o = (group.y * launch.slots + launch.judge) * launch.stride4;
  var score = 0.0;
  var told = 0.0;
  var square = 0.0;
  var first = 0.0;
  for (var j = 0u; j < launch.stride4; j++) {
    var x = drawn[source + j];
    if (j == 0u) {
      x.x += class_of * launch.separation;
      first = x.x;
    }
    design[to * launch.stride4 + j] = x;
    score += dot(x, models[l + j]);
    told += dot(x, models[o + j]);
    square += dot(models[o + j], models[o + j]);
  }
  let right = select(select(-1.0, 1.0, first >= 0.0), class_of, launch.separation > 0.0);
  var y = right;
  if (launch.response == SIGN) { y = select(-1.0, 1.0, score >= 0.0); }
  if (launch.response > SIGN) { y = select(-1.0, 1.0, f32(words.w) * 2.3283064365386963e-10 < 1.0 / (1.0 + exp(-score))); }
  if (happens(words.y, launch.flips)) { y = -y; }
  let size = abs(told) / sqrt(square);
  let chance = select(launch.wrong, launch.right, y == right);
  let agrees = launch.agree == 0u || (told >= 0.0) == (y > 0.0);
  let kept = size >= launch.least && size <= launch.most && agrees && happens(words.z, chance);
  labels[to] = select(0.0, y, kept);
}
