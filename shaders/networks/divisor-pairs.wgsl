// Pairs of numbers by address, their greatest shared_divisor divisor, and who labels them.
//   formula       a and b uniform in 1..largest, digits most significant first; with a divisor k, k times coprime factors uniform in
//                 1..largest / k: drawn until they are
//   reads         networks_told[network][32]: weights, chance of a generated label, teacher or all bits, number of known divisors, those
//   writes        rows[trial][layer][position][batch]
//   needs         random/address.wgsl; launch.base, largest, divisor
//   exactness     integers only, as src/samplers/networks/trained/pairs.ts

const ALWAYS = 0xffffffffu;

struct Pair { numbers: vec2u, divisor: u32, decision: u32 }

// High and low words of a product with a size below 2^21.
fn product(word: u32, size: u32) -> vec2u {
  let low = (word & 0xffffu) * (size & 0xffffu);
  let cross = (word >> 16u) * (size & 0xffffu);
  let other = (word & 0xffffu) * (size >> 16u);
  let middle = (low >> 16u) + (cross & 0xffffu) + (other & 0xffffu);
  return vec2u((word >> 16u) * (size >> 16u) + (cross >> 16u) + (other >> 16u) + (middle >> 16u), word * size);
}

fn greatest(numbers: vec2u) -> u32 {
  var pair = numbers;
  while (pair.y != 0u) { pair = vec2u(pair.y, pair.x % pair.y); }
  return pair.x;
}

fn pair_at(trial: u32, index: u32) -> Pair {
  let factor = max(1u, launch.divisor);
  let size = launch.largest / factor;
  let refused = (0xffffffffu % size + 1u) % size;
  var pair = Pair(vec2u(1u), 1u, 0u);
  for (var attempt = 0u; attempt < 64u; attempt++) {
    let words = words_at(trial, index, attempt, PURPOSE_TOKEN);
    let one = product(words.x, size);
    let two = product(words.y, size);
    let numbers = vec2u(one.x, two.x) + 1u;
    let shared_divisor = greatest(numbers);
    pair = Pair(numbers * factor, shared_divisor * factor, words.z);
    if (one.y >= refused && two.y >= refused && (launch.divisor == 0u || shared_divisor == 1u)) { break; }
  }
  return pair;
}

fn write_rows(pair: Pair) {
  let digits = launch.positions / 2u;
  var left = pair.numbers;
  for (var place_of = digits; place_of > 0u; place_of--) {
    let p = place_of - 1u;
    rows[rows_at + p * launch.batch] = p * launch.base + left.x % launch.base;
    rows[rows_at + (p + digits) * launch.batch] = (p + digits) * launch.base + left.y % launch.base;
    left /= launch.base;
  }
}

// The rule's answer, or that of the teacher, from 1 on.
fn generated(network: u32, divisor: u32, taught_at: u32) -> u32 {
  if (networks_told[32u * network + 1u] != ALWAYS) { return taught[taught_at]; }
  var found = 1u;
  for (var i = 0u; i < networks_told[32u * network + 2u]; i++) {
    let known = networks_told[32u * network + 3u + i];
    if (divisor % known == 0u && known > found) { found = known; }
  }
  return min(found, 4u * launch.answers4);
}
