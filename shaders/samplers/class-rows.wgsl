// Rows that a linear classifier is fitted to, as far as labels and judge see them: four coordinates in an orthonormal frame of the truth, the
// generator, the judge and the classifier that makes labels; a judge keeps some of them.
//   formula       x = z + c m, z ~ N(0, I_4), m = mu e_1, or the mean of n other rows of the class, whose part beside e_1 has the length
//                 chi_(d-1) / sqrt(n) along e_4; y = c, sign(x'l) or 1 with the chance sigmoid(x'l), turned round with a chance; kept where
//                 |x'o| is within bounds, has the sign of y if asked, and with one chance where y is right and another where it is wrong
//   reads         models[slot][4][trial]: the classifier that makes labels
//   writes        sums[chunk][16][trial], over the kept rows of a chunk: x1 x1, x1 x2, x1 x3, x1 x4, x2 x2, x2 x3, x2 x4,
//                 x3 x3, x3 x4, x4 x4, rows, those that chance would keep, y x1, y x2, y x3, y x4
//   grid          item: a chunk of CHUNK rows; 64 trials per workgroup
//   error bound   (RUN + CHUNK / RUN + 2) eps times each sum of absolute products; a score within rounding of a bound may fall on
//                 its other side

const CHUNK = 1024u;
const RUN = 128u;

// Whose direction: 0 that of the launch, 1 the classifier's, 2 none (labels are the classes themselves).
const GIVEN = 0u;
const MODEL = 1u;

const BESIDE = 0x80000000u;

fn model_at(trial: u32) -> vec4f {
  let at = launch.model * 4u * launch.trials + trial;
  return vec4f(models[at], models[at + launch.trials], models[at + 2u * launch.trials], models[at + 3u * launch.trials]);
}

// Chance p as p 2^32 - 1, or all bits for p = 1.
fn happens(word: u32, chance: u32) -> bool { return word < chance || chance == 0xffffffffu; }

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) lane: u32, @builtin(workgroup_id) group: vec3u) {
  let g = launch.first_group + group.x;
  let trial = (g / launch.items) * 64u + lane;
  let chunk = g % launch.items;
  if (trial >= launch.trials) { return; }
  var label = vec4f(launch.label_1, launch.label_2, launch.label_3, 0.0);
  var judge = vec4f(launch.judge_1, launch.judge_2, launch.judge_3, 0.0);
  if (launch.labels == MODEL || launch.judged == MODEL) {
    let model = model_at(trial);
    if (launch.labels == MODEL) { label = model; }
    if (launch.judged == MODEL) { judge = model / length(model); }
  }
  var mean = vec4f(launch.separation, 0.0, 0.0, 0.0);
  if (launch.estimated > 0u) {
    let beside = chi_pair_at(trial, BESIDE, vec2u(launch.across, 0u)).x;
    mean += vec4f(normals_at(trial, BESIDE, 0u, PURPOSE_DESIGN).x, 0.0, 0.0, beside) / sqrt(f32(launch.estimated));
  }
  var first = vec4f();
  var second = vec4f();
  var third = vec4f();
  var moments = vec4f();
  let end = min(launch.rows, (chunk + 1u) * CHUNK);
  for (var row = chunk * CHUNK; row < end; row += RUN) {
    var run_first = vec4f();
    var run_second = vec4f();
    var run_third = vec4f();
    var run_moments = vec4f();
    for (var i = row; i < min(end, row + RUN); i++) {
      var x = normals_at(trial, i, 0u, PURPOSE_DESIGN);
      let words = words_at(trial, i, 0u, PURPOSE_TOKEN);
      let class_of = select(1.0, -1.0, words.x >= 0x80000000u);
      x += class_of * mean;
      let right = select(select(-1.0, 1.0, x.x >= 0.0), class_of, launch.separation > 0.0);
      let said = dot(x, label);
      var y = select(-1.0, 1.0, said >= 0.0);
      if (launch.labels > MODEL) { y = right; }
      if (launch.sigmoid > 0u) { y = select(-1.0, 1.0, f32(words.w) * 2.3283064365386963e-10 < 1.0 / (1.0 + exp(-said))); }
      if (happens(words.y, launch.flips)) { y = -y; }
      let score = dot(x, judge);
      let size = abs(score);
      let chance = select(launch.wrong, launch.right, y == right);
      let agrees = launch.agree == 0u || (score >= 0.0) == (y > 0.0);
      if (!happens(words.z, chance)) { continue; }
      run_third.w += 1.0;
      if (size < launch.least || size > launch.most || !agrees) { continue; }
      run_first += x.x * x;
      run_second += vec4f(x.y * x.yzw, x.z * x.z);
      run_third += vec4f(x.z * x.w, x.w * x.w, 1.0, 0.0);
      run_moments += y * x;
    }
    first += run_first;
    second += run_second;
    third += run_third;
    moments += run_moments;
  }
  var at = (launch.first_chunk + chunk) * 16u * launch.trials + trial;
  for (var k = 0u; k < 4u; k++) {
    sums[at + k * launch.trials] = first[k];
    sums[at + (4u + k) * launch.trials] = second[k];
    sums[at + (8u + k) * launch.trials] = third[k];
    sums[at + (12u + k) * launch.trials] = moments[k];
  }
}
