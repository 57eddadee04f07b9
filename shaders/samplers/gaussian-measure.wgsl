// What is measured of a Gaussian N(m, C), C = scale^2 L L', in d dimensions, beside the truth N(0, I).
//   formula       MEASURE 0: |m|^2;  1: tr C / d;  2: log det C / d;  3: (tr C^-1 + m'C^-1 m - d + log det C) / 2
//   reads         slots[slot][entry][trial]: the mean, then the rows of the lower triangle L
//   writes        errors[error][trial]
//   uses          columns[i][trial]
//   grid          x: one lane per trial, 64 trials a workgroup
//   error bound   0, 1: (d^2/2 + 4) eps relative;  2: 1e-6 absolute, beside 4 eps |log C|;  3: 4 d eps of the sum of absolute terms

override MEASURE: u32 = 0u;

var<private> trial: u32;

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) lane: u32, @builtin(workgroup_id) group: vec3u) {
  trial = (launch.first_group + group.x) * 64u + lane;
  if (trial >= launch.trials) { return; }
  let d = launch.dimension;
  var sum = 0.0;
  if (MEASURE == 0u) {
    for (var i = 0u; i < d; i++) { sum += entry(i) * entry(i); }
  } else if (MEASURE == 1u) {
    for (var e = d; e < d + d * (d + 1u) / 2u; e++) {
      let scaled = launch.scale * entry(e);
      sum += scaled * scaled;
    }
    sum /= f32(d);
  } else {
    var volume = 0.0;
    for (var i = 0u; i < d; i++) { volume += 2.0 * logarithm(launch.scale * abs(entry(below(i, i)))); }
    sum = volume / f32(d);
    if (MEASURE == 3u) {
      for (var i = 0u; i < d; i++) { columns[at(i)] = entry(i); }
      var inverse = solved(0u);
      for (var j = 0u; j < d; j++) {
        for (var i = j; i < d; i++) { columns[at(i)] = select(0.0, 1.0, i == j); }
        inverse += solved(j);
      }
      sum = 0.5 * (inverse - f32(d) + volume);
    }
  }
  errors[launch.error * launch.trials + trial] = sum;
}

fn entry(e: u32) -> f32 {
  return slots[(launch.slot * (launch.dimension + launch.dimension * (launch.dimension + 1u) / 2u) + e) * launch.trials + trial];
}

fn below(i: u32, j: u32) -> u32 {
  return launch.dimension + i * (i + 1u) / 2u + j;
}

fn at(i: u32) -> u32 {
  return i * launch.trials + trial;
}

// |x|^2, scale L x = what stands in the column, zero before `first`.
fn solved(first: u32) -> f32 {
  var square = 0.0;
  for (var i = first; i < launch.dimension; i++) {
    var x = columns[at(i)];
    for (var k = first; k < i; k++) { x -= launch.scale * entry(below(i, k)) * columns[at(k)]; }
    x /= launch.scale * entry(below(i, i));
    columns[at(i)] = x;
    square += x * x;
  }
  return square;
}

// Of zero, minus infinity; a device need not know it.
fn logarithm(x: f32) -> f32 {
  return natural_log(max(x, 1.1754944e-38));
}
