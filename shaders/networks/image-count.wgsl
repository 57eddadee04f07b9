// The sum of what lanes have found, and what comes of it.
//   reads         outcomes[trial][network][column4], row length most_columns / 4
//   writes        SCORE: scores[trial][network] = the least sum so far, and 1 where this is it, else 0;
//                 else errors[first + network][trial] = share * sum
//   grid          a lane for a trial and network
//   error bound   columns4 eps times the sum

override SCORE: bool = false;

@compute @workgroup_size(1)
fn main(@builtin(workgroup_id) group: vec3u) {
  let slot = group.y * launch.layers + group.z;
  let at = slot * (launch.most_columns / 4u);
  var sum = 0.0;
  for (var c = 0u; c < launch.columns4; c++) { sum += outcomes[at + c]; }
  if (SCORE) {
    let better = sum < scores[2u * slot];
    if (better) { scores[2u * slot] = sum; }
    scores[2u * slot + 1u] = select(0.0, 1.0, better);
  } else {
    errors[(launch.first + group.z) * launch.trials + group.y] = launch.share * sum;
  }
}
