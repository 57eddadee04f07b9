// Threefry4x32-20 (Salmon et al., SC'11): 128 random bits from a 128-bit counter under a 128-bit key.
//   reads/writes  nothing
//   exactness     integers only: identical on every device and in src/reference/threefry.ts
// Additions, rotations and exclusive-ors alone, because WGSL has no high half of a product.

fn threefry_round(x: vec4u, left: vec2u) -> vec4u {
  let sum = x.xz + x.yw;
  let mixed = ((x.yw << left) | (x.yw >> (vec2u(32u) - left))) ^ sum;
  // The second pair is swapped for the next round, so that every round is this one.
  return vec4u(sum.x, mixed.y, sum.y, mixed.x);
}

fn threefry_rounds_a(x: vec4u) -> vec4u {
  let y = threefry_round(threefry_round(x, vec2u(10u, 26u)), vec2u(11u, 21u));
  return threefry_round(threefry_round(y, vec2u(13u, 27u)), vec2u(23u, 5u));
}

fn threefry_rounds_b(x: vec4u) -> vec4u {
  let y = threefry_round(threefry_round(x, vec2u(6u, 20u)), vec2u(17u, 11u));
  return threefry_round(threefry_round(y, vec2u(25u, 10u)), vec2u(18u, 20u));
}

fn threefry4x32(counter: vec4u, key: vec4u) -> vec4u {
  let parity = 0x1bd11bdau ^ key.x ^ key.y ^ key.z ^ key.w;
  var x = counter + key;
  x = threefry_rounds_a(x) + vec4u(key.y, key.z, key.w, parity + 1u);
  x = threefry_rounds_b(x) + vec4u(key.z, key.w, parity, key.x + 2u);
  x = threefry_rounds_a(x) + vec4u(key.w, parity, key.x, key.y + 3u);
  x = threefry_rounds_b(x) + vec4u(parity, key.x, key.y, key.z + 4u);
  return threefry_rounds_a(x) + vec4u(key.x, key.y, key.z, key.w + 5u);
}
