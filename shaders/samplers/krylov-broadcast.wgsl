// What all lanes of samplers/krylov-solve.wgsl multiply by, through the registers of three lanes of a subgroup (any size from 4). For
// drivers on CPUs, which read memory lane by lane even where all lanes read the same, where krylov-lanes.wgsl does not serve; SEGMENTS is 1.

struct Lane {
  @builtin(local_invocation_index) index: u32,
  @builtin(subgroup_invocation_id) place: u32,
}

var<private> place: u32;

fn keep_place(lane: Lane) {
  place = lane.place;
}

fn shared_newest(kind: u32, known: u32, q: u32) -> Trio {
  var own = vec4f(0.0);
  if (place < 3u) { own = one_newest(kind, known, place, q); }
  return Trio(subgroupBroadcast(own, 0u), subgroupBroadcast(own, 1u), subgroupBroadcast(own, 2u));
}

fn shared_along(i: u32) -> Pair {
  var a = 0.0;
  var b = 0.0;
  if (place < 3u) {
    a = along[6u * i + place];
    b = along[6u * i + place + 3u];
  }
  return Pair(
    vec3f(subgroupBroadcast(a, 0u), subgroupBroadcast(a, 1u), subgroupBroadcast(a, 2u)),
    vec3f(subgroupBroadcast(b, 0u), subgroupBroadcast(b, 1u), subgroupBroadcast(b, 2u)),
  );
}
