// Examples of one step of training: their pairs and labels, what the network makes of them, and gradients by all that it makes.
//   formula       of the mean cross-entropy over the batch; that by the logits is (chance - label) / batch
//   reads         weights, taught
//   writes        rows; activations: n, g, m, gradients by logits, by x + g W2 + b2, by g before relu, by x, attention, gradients by scores
//   grid          64 examples a workgroup; trial; network
//   error bound   4 eps times the longest sum of absolute products, for every activation

// Gradients of inputs out of those of outputs, through W.
fn adjoint(output: u32, outputs4: u32, matrix: u32, inputs: u32, input: u32) {
  let top = weights_at + matrix;
  for (var k = 0u; k < inputs; k += 4u) {
    var sum = vec4f();
    for (var j = 0u; j < outputs4; j++) {
      let g = four(output + 4u * j);
      sum += vec4f(
        dot(g, weights[top + k * outputs4 + j]),
        dot(g, weights[top + (k + 1u) * outputs4 + j]),
        dot(g, weights[top + (k + 2u) * outputs4 + j]),
        dot(g, weights[top + (k + 3u) * outputs4 + j]),
      );
    }
    keep_four(input + k, sum);
  }
}

// In place, the gradient by x out of that by norm(x) = normed.
fn through_norm(gradient: u32, normed: u32, inverse: f32) {
  let count = 4u * launch.width4;
  var mean = 0.0;
  var along = 0.0;
  for (var c = 0u; c < count; c++) {
    mean += activation(gradient + c);
    along += activation(gradient + c) * activation(normed + c);
  }
  mean /= f32(count);
  along /= f32(count);
  for (var c = 0u; c < count; c++) {
    keep(gradient + c, inverse * (activation(gradient + c) - mean - activation(normed + c) * along));
  }
}

fn label_of(pair: Pair, network: u32, taught_at: u32) -> u32 {
  let chance = networks_told[32u * network];
  if (pair.decision < chance || chance == ALWAYS) { return generated(network, pair.divisor, taught_at); }
  return min(pair.divisor, 4u * launch.answers4);
}

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) lane: u32, @builtin(workgroup_id) group: vec3u) {
  let example = (launch.first_group + group.x) * 64u + lane;
  let network = launch.first_network + group.z;
  place(group.y, group.z, network, example);
  let pair = pair_at(group.y, launch.first_example + example);
  let label = label_of(pair, network, (group.y * launch.layers + group.z) * launch.batch + example);
  write_rows(pair);
  forward();
  let found = answer_of();
  let share = 1.0 / f32(launch.batch);
  for (var j = 0u; j < 4u * launch.answers4; j++) {
    let chance = exp(activation(logit_feature() + j) - found.top) / found.sum;
    keep(logit_feature() + j, share * (chance - select(0.0, 1.0, j + 1u == label)));
  }
  adjoint(logit_feature(), launch.answers4, last_at(), 4u * launch.width4, out_gradient());
  through_norm(out_gradient(), m_feature(), inverse_out);
  adjoint(out_gradient(), launch.width4, second_at(), 4u * launch.hidden4, hidden_gradient());
  for (var j = 0u; j < 4u * launch.hidden4; j++) {
    if (activation(g_feature() + j) <= 0.0) { keep(hidden_gradient() + j, 0.0); }
  }
  adjoint(hidden_gradient(), launch.hidden4, first_at(), 4u * launch.width4, read_gradient());
  through_norm(read_gradient(), n_feature(), inverse_read);
  for (var c = 0u; c < 4u * launch.width4; c++) {
    keep(read_gradient() + c, activation(read_gradient() + c) + activation(out_gradient() + c));
  }
  var mean = vec4f();
  for (var p = 0u; p < launch.positions; p++) {
    var pull = vec4f();
    for (var c = 0u; c < launch.width4; c++) {
      let value = weights[weights_at + values_at() + row_at(p) * launch.width4 + c];
      pull[c * HEADS / launch.width4] += dot(value, four(read_gradient() + 4u * c));
    }
    mean += pull * four(attention_feature() + HEADS * p);
    keep_four(score_gradient() + HEADS * p, pull);
  }
  for (var p = 0u; p < launch.positions; p++) {
    let pull = four(score_gradient() + HEADS * p);
    keep_four(score_gradient() + HEADS * p, four(attention_feature() + HEADS * p) * (pull - mean));
  }
}
