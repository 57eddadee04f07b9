// An encoder of one layer, read at one position: of one example per lane, in columns of `activations` that no other lane touches.
//   formula       x = sum_p a_p V[row_p], a_p the softmax of S[row_p] over positions, by head; n = norm(x); g = relu(n W1 + b1);
//                 m = norm(x + g W2 + b2); logits = m W3 + b3; norm(x) = (x - mean) / sqrt(variance + 1e-5)
//   reads         weights[trial][network][S, V, W1, b1, W2, b2, W3, b3], four numbers to a vec4f; rows[trial][layer][position][batch]
//   writes        activations[trial][layer][feature][batch]: n (width), g (hidden), m (width), logits (answers), and room for gradients
//   needs         launch.layers, networks, batch, positions, width4, hidden4, answers4, table_rows, weights4
// Sums go along the inputs in their order.

const HEADS = 4u;

var<private> column: u32;
var<private> weights_at: u32;
var<private> rows_at: u32;
var<private> inverse_read: f32;
var<private> inverse_out: f32;

fn n_feature() -> u32 { return 0u; }
fn g_feature() -> u32 { return 4u * launch.width4; }
fn m_feature() -> u32 { return g_feature() + 4u * launch.hidden4; }
fn logit_feature() -> u32 { return m_feature() + 4u * launch.width4; }
fn out_gradient() -> u32 { return logit_feature() + 4u * launch.answers4; }
fn hidden_gradient() -> u32 { return out_gradient() + 4u * launch.width4; }
fn read_gradient() -> u32 { return hidden_gradient() + 4u * launch.hidden4; }
fn attention_feature() -> u32 { return read_gradient() + 4u * launch.width4; }
fn score_gradient() -> u32 { return attention_feature() + HEADS * launch.positions; }
fn features() -> u32 { return score_gradient() + HEADS * launch.positions; }

fn values_at() -> u32 { return launch.table_rows; }
fn first_at() -> u32 { return values_at() + launch.table_rows * launch.width4; }
fn first_bias() -> u32 { return first_at() + 4u * launch.width4 * launch.hidden4; }
fn second_at() -> u32 { return first_bias() + launch.hidden4; }
fn second_bias() -> u32 { return second_at() + 4u * launch.hidden4 * launch.width4; }
fn last_at() -> u32 { return second_bias() + launch.width4; }
fn last_bias() -> u32 { return last_at() + 4u * launch.width4 * launch.answers4; }

fn place(trial: u32, layer: u32, network: u32, lane: u32) {
  let slot = trial * launch.layers + layer;
  column = slot * features() * launch.batch + lane;
  rows_at = slot * launch.positions * launch.batch + lane;
  weights_at = (trial * launch.networks + network) * launch.weights4;
}

fn activation(feature: u32) -> f32 { return activations[column + feature * launch.batch]; }
fn keep(feature: u32, value: f32) { activations[column + feature * launch.batch] = value; }
fn keep_four(feature: u32, value: vec4f) {
  for (var k = 0u; k < 4u; k++) { keep(feature + k, value[k]); }
}
fn four(feature: u32) -> vec4f {
  return vec4f(activation(feature), activation(feature + 1u), activation(feature + 2u), activation(feature + 3u));
}
fn row_at(position: u32) -> u32 { return rows[rows_at + position * launch.batch]; }

// outputs = bias + inputs W, eight outputs at a time.
fn affine(input: u32, inputs: u32, matrix: u32, bias: u32, outputs4: u32, output: u32, rectified: bool) {
  let top = weights_at + matrix;
  for (var j = 0u; j < outputs4; j += 2u) {
    let second = min(j + 1u, outputs4 - 1u);
    var one = weights[weights_at + bias + j];
    var two = weights[weights_at + bias + second];
    for (var k = 0u; k < inputs; k++) {
      let value = activation(input + k);
      one = fma(vec4f(value), weights[top + k * outputs4 + j], one);
      two = fma(vec4f(value), weights[top + k * outputs4 + second], two);
    }
    if (rectified) {
      one = max(one, vec4f());
      two = max(two, vec4f());
    }
    keep_four(output + 4u * j, one);
    if (second > j) { keep_four(output + 4u * second, two); }
  }
}

// Values of feature .. feature + 4 width4 - 1 are normed in place; the inverse of the deviation, and the mean.
fn norm(feature: u32) -> vec2f {
  let count = 4u * launch.width4;
  var mean = 0.0;
  for (var c = 0u; c < count; c++) { mean += activation(feature + c); }
  mean /= f32(count);
  var variance = 0.0;
  for (var c = 0u; c < count; c++) {
    let off = activation(feature + c) - mean;
    variance += off * off;
  }
  let inverse = 1.0 / sqrt(variance / f32(count) + 1e-5);
  for (var c = 0u; c < count; c++) { keep(feature + c, (activation(feature + c) - mean) * inverse); }
  return vec2f(inverse, mean);
}

fn forward() {
  var top = vec4f(-1e30);
  for (var p = 0u; p < launch.positions; p++) { top = max(top, weights[weights_at + row_at(p)]); }
  var sum = vec4f();
  for (var p = 0u; p < launch.positions; p++) {
    let power = exp(weights[weights_at + row_at(p)] - top);
    sum += power;
    keep_four(attention_feature() + HEADS * p, power);
  }
  for (var p = 0u; p < launch.positions; p++) {
    keep_four(attention_feature() + HEADS * p, four(attention_feature() + HEADS * p) / sum);
  }
  for (var c = 0u; c < launch.width4; c++) {
    let head = c * HEADS / launch.width4;
    var x = vec4f();
    for (var p = 0u; p < launch.positions; p++) {
      let share = activation(attention_feature() + HEADS * p + head);
      x = fma(vec4f(share), weights[weights_at + values_at() + row_at(p) * launch.width4 + c], x);
    }
    keep_four(n_feature() + 4u * c, x);
  }
  let read = norm(n_feature());
  inverse_read = read.x;
  affine(n_feature(), 4u * launch.width4, first_at(), first_bias(), launch.hidden4, g_feature(), true);
  affine(g_feature(), 4u * launch.hidden4, second_at(), second_bias(), launch.width4, m_feature(), false);
  for (var c = 0u; c < 4u * launch.width4; c++) {
    keep(m_feature() + c, activation(m_feature() + c) + activation(n_feature() + c) / read.x + read.y);
  }
  inverse_out = norm(m_feature()).x;
  affine(m_feature(), 4u * launch.width4, last_at(), last_bias(), launch.answers4, logit_feature(), false);
}

// The largest logit, the sum of powers over it, and the answer of the largest, from 0 on.
struct Answer { top: f32, sum: f32, answer: u32 }

fn answer_of() -> Answer {
  var found = Answer(-1e30, 0.0, 0u);
  for (var j = 0u; j < 4u * launch.answers4; j++) {
    let logit = activation(logit_feature() + j);
    if (logit > found.top) {
      found.top = logit;
      found.answer = j;
    }
  }
  for (var j = 0u; j < 4u * launch.answers4; j++) { found.sum += exp(activation(logit_feature() + j) - found.top); }
  return found;
}
