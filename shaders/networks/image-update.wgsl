// A step of a weight, four at a time.
//   formula       w -= rate g;  with ADAM  m = .9 m + .1 g,  v = .999 v + .001 g^2,
//                 w -= rate (unbiased_first m) / (sqrt(unbiased_second v) + 1e-8)
//   updates       weights[trial][network][item], moments[trial][network][2][item]

override ADAM: bool = false;

fn update(slot: u32, item: u32, gradient: vec4f) {
  let at = slot * launch.weights4 + item;
  var way = gradient;
  if (ADAM) {
    let first = 2u * slot * launch.weights4 + item;
    let second = first + launch.weights4;
    let m = 0.9 * moments[first] + 0.1 * gradient;
    let v = 0.999 * moments[second] + 0.001 * gradient * gradient;
    moments[first] = m;
    moments[second] = v;
    way = launch.unbiased_first * m / (sqrt(launch.unbiased_second * v) + 1e-8);
  }
  weights[at] -= launch.rate * way;
}
