// What all lanes of samplers/krylov-solve.wgsl multiply by, read by each of them.

struct Lane {
  @builtin(local_invocation_index) index: u32,
}

fn keep_place(lane: Lane) {}

fn shared_newest(kind: u32, known: u32, q: u32) -> Trio {
  return get_newest(kind, known, q);
}

fn shared_along(i: u32) -> Pair {
  let at = 6u * i;
  return Pair(vec3f(along[at], along[at + 1u], along[at + 2u]), vec3f(along[at + 3u], along[at + 4u], along[at + 5u]));
}
