// Rows of a Gaussian join others: mean and scatter of all, in d dimensions, a trial in every lane.
//   formula       n rows of N(m, F F'): their mean is m + F z / sqrt n, and their scatter F B B' F' with Bartlett's lower triangle B,
//                 B[j][j] = chi_{n - 1 - j}, normals below, min(d, n - 1) columns. Of N rows before with mean a and scatter L L':
//                 e = mean - a, a' = a + n/(N + n) e, L' L'' = L L' + N n/(N + n) e e' + F B B' F', column by column by rotations
//   reads         slot `maker` where MADE, F = `scale` times its triangle; else m = 0, F = I. Slot `origin` where `seen` is not 0
//   writes        slots[slot `to`][entry][trial]: the mean, then the rows of the triangle
//   uses          columns[c][i][trial], c < 2
//   grid          x: one lane per trial, 64 trials a workgroup
//   error bound   backward error of L: 6 d eps a column, beside that of the numbers drawn; from nothing but one sample no entry is mixed with another, and each
//                 diagonal entry has a relative error of 2 eps a round

override MADE: bool = false;

var<private> trial: u32;

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) lane: u32, @builtin(workgroup_id) group: vec3u) {
  trial = (launch.first_group + group.x) * 64u + lane;
  if (trial >= launch.trials) { return; }
  let d = launch.dimension;
  let n = f32(launch.rows);
  let share = n / (launch.seen + n);
  if (launch.seen == 0.0) {
    for (var e = 0u; e < entries(); e++) { slots[place(launch.to, e)] = 0.0; }
  } else if (launch.origin != launch.to) {
    for (var e = 0u; e < entries(); e++) { slots[place(launch.to, e)] = slots[place(launch.origin, e)]; }
  }
  draw(d, 0u);
  spread(0u);
  for (var i = 0u; i < d; i++) {
    var apart = columns[column(1u, i)] * launch.inverse_root;
    if (MADE) { apart += slots[place(launch.maker, i)]; }
    let at = place(launch.to, i);
    apart -= slots[at];
    slots[at] += share * apart;
    columns[column(1u, i)] = sqrt(launch.seen * share) * apart;
  }
  if (launch.seen > 0.0) { join(0u); }
  var chi = vec2f(0.0);
  for (var j = 0u; j < min(d, launch.rows - 1u); j++) {
    if (j % 2u == 0u) { chi = chi_pair_at(trial, j / 2u, vec2u(launch.rows - 1u - j, max(launch.rows, j + 2u) - j - 2u)); }
    draw(j, j);
    columns[column(0u, j)] = chi[j % 2u];
    spread(j);
    join(j);
  }
}

fn entries() -> u32 {
  return launch.dimension + launch.dimension * (launch.dimension + 1u) / 2u;
}

fn place(slot: u32, entry: u32) -> u32 {
  return (slot * entries() + entry) * launch.trials + trial;
}

fn below(i: u32, j: u32) -> u32 {
  return launch.dimension + i * (i + 1u) / 2u + j;
}

fn column(c: u32, i: u32) -> u32 {
  return (c * launch.dimension + i) * launch.trials + trial;
}

// Normals of row `row` of the draw into column 0, zero before entry `first`.
fn draw(row: u32, first: u32) {
  for (var block = first / 4u; 4u * block < launch.dimension; block++) {
    let z = normals_at(trial, row, block, PURPOSE_REDUCED);
    for (var k = 0u; k < 4u; k++) {
      let i = 4u * block + k;
      if (i >= first && i < launch.dimension) { columns[column(0u, i)] = z[k]; }
    }
  }
}

// Column 1 is F times column 0, of which entries before `first` are zero.
fn spread(first: u32) {
  for (var i = first; i < launch.dimension; i++) {
    var sum = columns[column(0u, i)];
    if (MADE) {
      sum = 0.0;
      for (var k = first; k <= i; k++) { sum += slots[place(launch.maker, below(i, k))] * columns[column(0u, k)]; }
      sum *= launch.scale;
    }
    columns[column(1u, i)] = sum;
  }
}

// L L' + g g', g in column 1 and zero before `first`.
fn join(first: u32) {
  for (var j = first; j < launch.dimension; j++) {
    let own = slots[place(launch.to, below(j, j))];
    let added = columns[column(1u, j)];
    // Squares of neither leave the range.
    let larger = max(abs(own), abs(added));
    if (larger == 0.0) { continue; }
    let ratio = min(abs(own), abs(added)) / larger;
    let length = larger * sqrt(1.0 + ratio * ratio);
    let cosine = own / length;
    let sine = added / length;
    for (var i = j; i < launch.dimension; i++) {
      let at = place(launch.to, below(i, j));
      let entry = slots[at];
      let beside = columns[column(1u, i)];
      slots[at] = cosine * entry + sine * beside;
      columns[column(1u, i)] = cosine * beside - sine * entry;
    }
  }
}
