// Four quads of numbers that all lanes want, each read by every lane. For GPUs, which read once what many lanes ask for.

struct Lane {
  @builtin(local_invocation_index) index: u32,
}

// `source` is the kernel's own.
fn four_quads(first: u32, lane: Lane) -> mat4x4f {
  return mat4x4f(source(first, 0u), source(first, 1u), source(first, 2u), source(first, 3u));
}
