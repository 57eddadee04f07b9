// Sixteen words that all lanes want, each read by every lane. For GPUs, which read once what many lanes ask for.

struct Lane {
  @builtin(local_invocation_index) index: u32,
}

// `source` is the kernel's own.
fn sixteen_words(first: u32, lane: Lane) -> array<vec4u, 4> {
  return array<vec4u, 4>(source(first, 0u), source(first, 1u), source(first, 2u), source(first, 3u));
}
