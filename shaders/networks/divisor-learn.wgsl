// Gradients of weights out of those of activations, and a step of Adam.
//   formula       dW = sum over the batch of input x gradient of output; m = .9 m + .1 g; v = .99 v + .01 g^2;
//                 w = w - rate (m unbiased_first) / (sqrt(v unbiased_second) + 1e-8)
//   reads         activations[trial][layer][feature][batch], four examples to a vec4f; rows
//   writes        weights, moments
//   grid          items of 64 lanes: a row of scores; four values of a row; 4 x 4 weights of a matrix; four of a bias. trial; network
//   error bound   batch eps times the sum of absolute products
// The batch is summed in its order, by fours.

var<private> base4: u32;
var<private> slot_weights: u32;
var<private> slot_moments: u32;
var<private> rows_from: u32;

fn batch_four(feature: u32, block: u32) -> vec4f { return activations[base4 + feature * (launch.batch / 4u) + block]; }

fn learn(at: u32, g: vec4f) {
  let first = 0.9 * moments[slot_moments + at] + 0.1 * g;
  let second = 0.99 * moments[slot_moments + launch.weights4 + at] + 0.01 * g * g;
  moments[slot_moments + at] = first;
  moments[slot_moments + launch.weights4 + at] = second;
  let pace = launch.rate * launch.unbiased_first;
  weights[slot_weights + at] -= pace * first / (sqrt(second * launch.unbiased_second) + 1e-8);
}

fn rows_four(position: u32, block: u32) -> vec4u {
  let at = rows_from + position * launch.batch + 4u * block;
  return vec4u(rows[at], rows[at + 1u], rows[at + 2u], rows[at + 3u]);
}

fn learn_scores(row: u32) {
  let p = row / launch.base;
  var sum = vec4f();
  for (var block = 0u; block < launch.batch / 4u; block++) {
    let here = select(vec4f(), vec4f(1.0), rows_four(p, block) == vec4u(row));
    if (!any(here > vec4f())) { continue; }
    let at = launch.score_gradient + 4u * p;
    sum += vec4f(
      dot(here, batch_four(at, block)),
      dot(here, batch_four(at + 1u, block)),
      dot(here, batch_four(at + 2u, block)),
      dot(here, batch_four(at + 3u, block)),
    );
  }
  learn(row, sum);
}

fn learn_values(item: u32) {
  let row = item / launch.width4;
  let c = item % launch.width4;
  let p = row / launch.base;
  let attention = launch.attention + 4u * p + c * 4u / launch.width4;
  var sum = vec4f();
  for (var block = 0u; block < launch.batch / 4u; block++) {
    let here = select(vec4f(), vec4f(1.0), rows_four(p, block) == vec4u(row));
    if (!any(here > vec4f())) { continue; }
    let share = here * batch_four(attention, block);
    let at = launch.read_gradient + 4u * c;
    sum += vec4f(
      dot(share, batch_four(at, block)),
      dot(share, batch_four(at + 1u, block)),
      dot(share, batch_four(at + 2u, block)),
      dot(share, batch_four(at + 3u, block)),
    );
  }
  learn(launch.table_rows + item, sum);
}

// Items of a matrix, then of its bias: those that are left over once both are passed.
fn learn_affine(item: u32, input: u32, inputs4: u32, output: u32, outputs4: u32, at: u32) {
  let tiles = inputs4 * outputs4;
  if (item >= tiles) {
    let j = item - tiles;
    var sum = vec4f();
    for (var block = 0u; block < launch.batch / 4u; block++) {
      let ones = vec4f(1.0);
      let bias = output + 4u * j;
      sum += vec4f(
        dot(ones, batch_four(bias, block)),
        dot(ones, batch_four(bias + 1u, block)),
        dot(ones, batch_four(bias + 2u, block)),
        dot(ones, batch_four(bias + 3u, block)),
      );
    }
    learn(at + 4u * tiles + j, sum);
    return;
  }
  let k = item / outputs4;
  let j = item % outputs4;
  var one = vec4f();
  var two = vec4f();
  var three = vec4f();
  var last = vec4f();
  for (var block = 0u; block < launch.batch / 4u; block++) {
    let x0 = batch_four(input + 4u * k, block);
    let x1 = batch_four(input + 4u * k + 1u, block);
    let x2 = batch_four(input + 4u * k + 2u, block);
    let x3 = batch_four(input + 4u * k + 3u, block);
    let y0 = batch_four(output + 4u * j, block);
    let y1 = batch_four(output + 4u * j + 1u, block);
    let y2 = batch_four(output + 4u * j + 2u, block);
    let y3 = batch_four(output + 4u * j + 3u, block);
    one += vec4f(dot(x0, y0), dot(x0, y1), dot(x0, y2), dot(x0, y3));
    two += vec4f(dot(x1, y0), dot(x1, y1), dot(x1, y2), dot(x1, y3));
    three += vec4f(dot(x2, y0), dot(x2, y1), dot(x2, y2), dot(x2, y3));
    last += vec4f(dot(x3, y0), dot(x3, y1), dot(x3, y2), dot(x3, y3));
  }
  learn(at + 4u * k * outputs4 + j, one);
  learn(at + (4u * k + 1u) * outputs4 + j, two);
  learn(at + (4u * k + 2u) * outputs4 + j, three);
  learn(at + (4u * k + 3u) * outputs4 + j, last);
}

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) lane: u32, @builtin(workgroup_id) group: vec3u) {
  var item = (launch.first_group + group.x) * 64u + lane;
  let layer = group.y * launch.layers + group.z;
  let slot = group.y * launch.networks + launch.first_network + group.z;
  base4 = layer * launch.features * (launch.batch / 4u);
  rows_from = layer * launch.positions * launch.batch;
  slot_weights = slot * launch.weights4;
  slot_moments = 2u * slot * launch.weights4;
  let w = launch.width4;
  let h = launch.hidden4;
  let a = launch.answers4;
  if (item < launch.table_rows) { learn_scores(item); return; }
  item -= launch.table_rows;
  if (item < launch.table_rows * w) { learn_values(item); return; }
  item -= launch.table_rows * w;
  let g = 4u * w;
  let m = g + 4u * h;
  let logits = m + 4u * w;
  let out = logits + 4u * a;
  let hidden = out + 4u * w;
  var at = launch.table_rows * (1u + w);
  if (item < w * h + h) { learn_affine(item, 0u, w, hidden, h, at); return; }
  item -= w * h + h;
  at += 4u * w * h + h;
  if (item < h * w + w) { learn_affine(item, g, h, out, w, at); return; }
  item -= h * w + w;
  at += 4u * h * w + w;
  if (item < w * a + a) { learn_affine(item, m, w, logits, a, at); }
}
