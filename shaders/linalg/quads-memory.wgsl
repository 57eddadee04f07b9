// Four quads that all lanes want, each read by every lane. For GPUs, which read once what many lanes ask for.

struct Lane {
  @builtin(local_invocation_index) index: u32,
}

// `source` and what a `Quad` is are the kernel's own.
fn four_quads(first: u32, lane: Lane) -> array<Quad, 4> {
  return array<Quad, 4>(source(first, 0u), source(first, 1u), source(first, 2u), source(first, 3u));
}
