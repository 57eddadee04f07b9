// Sequences of tokens, and how often one followed another.
//   formula       step k of sequence s takes the words at row s length + k. From laws: the context of step 0 by the alias table of
//                 contexts, the rank r of the next token by that of ranks, and the token (turn r + shift) mod tokens with turn and
//                 shift of the context. From a model: the token whose running sum of weights first exceeds a member of their sum
//   reads         table: alias table of contexts, then that of ranks from word `ranks` on; turns[2 i], turns[2 i + 1]
//                 model[trial][..]: rows of running sums, `tokens` for each context, then the running sums of the contexts
//   writes        counts[trial][context][token], added to what is there
//   grid          x: 64 LENGTH-step sequences for each of 4 rounds; y: trial
//   exactness     integers only

override FROM_MODEL: bool = false;

const LANES = 64u;
const ROUNDS = 4u;

fn alias_token(words: vec2u, bits: u32, offset: u32) -> u32 {
  let column = words.x >> (32u - bits);
  let at = offset + 2u * column;
  return select(table[at + 1u], column, words.y < table[at]);
}

// First of `count` running sums from `offset` on that exceeds u.
fn first_beyond(offset: u32, count: u32, u: u32) -> u32 {
  var low = 0u;
  var high = count - 1u;
  for (var step = 0u; step < 32u && low < high; step++) {
    let middle = (low + high) / 2u;
    if (model[offset + middle] > u) { high = middle; } else { low = middle + 1u; }
  }
  return low;
}

// A member of the sum, as members_at has it: from word k of the row. What is refused is worked out where it may matter alone.
fn drawn(trial: u32, row: u32, words: vec4u, k: u32, offset: u32, count: u32) -> u32 {
  let sum = model[offset + count - 1u];
  var word = words[k];
  if (word * sum < sum) {
    let refused = (0u - sum) % sum;
    for (var attempt = 1u; attempt < 64u && word * sum < refused; attempt++) {
      word = words_at(trial, row, attempt, PURPOSE_TOKEN)[k];
    }
  }
  return first_beyond(offset, count, high_product(vec4u(word), sum).x);
}

fn law_context(words: vec4u) -> u32 {
  return alias_token(words.xy, launch.context_bits, 0u);
}

fn law_token(context: u32, words: vec4u) -> u32 {
  let rank = alias_token(words.zw, launch.rank_bits, launch.ranks);
  return (turns[2u * context] * rank + turns[2u * context + 1u]) % launch.tokens;
}

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) lane: u32, @builtin(workgroup_id) group: vec3u) {
  let trial = group.y;
  let cells = launch.contexts * launch.tokens;
  let own = trial * (cells + launch.contexts);
  for (var round = 0u; round < ROUNDS; round++) {
    let sequence = launch.first + ((launch.first_group + group.x) * ROUNDS + round) * LANES + lane;
    if (sequence >= launch.end) { return; }
    var context = 0u;
    for (var k = 0u; k < launch.length; k++) {
      let row = sequence * launch.length + k;
      let words = words_at(trial, row, 0u, PURPOSE_TOKEN);
      var token = 0u;
      if (FROM_MODEL) {
        if (k == 0u) { context = drawn(trial, row, words, 0u, own + cells, launch.contexts); }
        let known = model[own + context * launch.tokens + launch.tokens - 1u] > 0u;
        let source = select(own + cells, own + context * launch.tokens, known);
        token = drawn(trial, row, words, 1u, source, select(launch.contexts, launch.tokens, known));
      } else {
        if (k == 0u) { context = law_context(words); }
        token = law_token(context, words);
      }
      atomicAdd(&counts[trial * cells + context * launch.tokens + token], 1u);
      context = token;
    }
  }
}
