// Integers from random words, without any bias: entries of an alias table, and members of a list.
//   formula       an alias table has 2^bits columns; the first word's leading bits choose column c, the second word decides
//                 between token c (below threshold[c]) and alias[c] (Walker; Vose 1991). A member of a list of `size` is
//                 floor(word size / 2^32), another word where the fraction is below 2^32 mod size (Lemire 2019)
//   reads         table[2 c] = threshold, table[2 c + 1] = alias
//   exactness     integers only: the same on every device and in src/reference/discrete.ts. The law drawn is that of the
//                 table, whose chances are multiples of 2^-(32 + bits)

fn token_of(words: vec2u, bits: u32) -> u32 {
  let column = words.x >> (32u - bits);
  return select(table[2u * column + 1u], column, words.y < table[2u * column]);
}

// High words of the products of four words with a size.
fn high_product(words: vec4u, size: u32) -> vec4u {
  let low = vec4u(size & 0xffffu);
  let high = vec4u(size >> 16u);
  let middle = (words >> vec4u(16u)) * low + (((words & vec4u(0xffffu)) * low) >> vec4u(16u));
  let cross = (words & vec4u(0xffffu)) * high + (middle & vec4u(0xffffu));
  return (words >> vec4u(16u)) * high + (middle >> vec4u(16u)) + (cross >> vec4u(16u));
}

// Four members, one for each word of the address; `refused` = 2^32 mod size. One word in 2^32 / size is refused at most, sizes
// being far smaller: the loop seldom begins and ends long before its bound.
fn members_at(trial: u32, block: u32, purpose: u32, size: u32, refused: u32) -> vec4u {
  var words = words_at(trial, block, 0u, purpose);
  for (var attempt = 1u; attempt < 64u && any(words * size < vec4u(refused)); attempt++) {
    words = select(words, words_at(trial, block, attempt, purpose), words * size < vec4u(refused));
  }
  return high_product(words, size);
}
