// A whole fit of a small trial in one workgroup, rows < features: draw, XX', label, Cholesky, solve, back to features, test
// error.
//   formula       (XX' + penalty) a = X w + noise g,  v = X'a, E = |scale (v - w0)|^2
//   reads         scale[j]; models[slot][trial][j], slot 0 the truth w0, others the models w that label
//   writes        as fused-solve.wgsl
//   needs         random/*.wgsl, samplers/fused-solve.wgsl
//   grid          x: one workgroup of `group_trials` trials, one invocation per 4 x 4 tile
//   error bound   XX' and X w: (4 + features) eps |X||X|'; v: (4 + rows) eps |X|'|a|
// The design stays in the workgroup's memory until the estimate. Models stand beneath its rows, so that the tiles of B are
// X w without a further step.

@compute @workgroup_size(LANES)
fn main(@builtin(local_invocation_index) lane: u32, @builtin(workgroup_id) group: vec3u) {
  let place = place_of(lane, launch.first_group + group.x);
  load_scales(lane);
  workgroupBarrier();
  draw_design(place);
  load_models(place);
  workgroupBarrier();
  let tile = labelled(place, products(place));
  for (var ridge = 0u; ridge < launch.ridges; ridge++) {
    substitute_back(place, factorise(place, shifted(place, tile, ridge)));
    for (var item = place.tile; item < launch.side_quads * launch.count; item += launch.tiles) {
      let side_quad = item / launch.count;
      let q = item % launch.count;
      deliver(place, ridge, side_quad, q, estimates(place, side_quad, q));
    }
    report(place, ridge);
  }
}

// Features 4 q .. 4 q + 3 of row 4 r + i: neighbouring tiles read neighbouring vec4.
fn entry(place: Place, q: u32, i: u32, r: u32) -> u32 {
  return place.data + (4u * q + i) * (launch.quads + launch.side_quads) + r;
}

fn draw_design(place: Place) {
  for (var item = place.tile; item < 4u * launch.quads * launch.count; item += launch.tiles) {
    let row = item / launch.count;
    let q = item % launch.count;
    var x = vec4f(0.0);
    if (row < launch.rows) { x = normals_at(place.trial, row, q, PURPOSE_DESIGN) * scale_quad(q); }
    memory[entry(place, q, row % 4u, row / 4u)] = x;
  }
}

fn load_models(place: Place) {
  for (var item = place.tile; item < 4u * launch.side_quads * launch.count; item += launch.tiles) {
    let side = item / launch.count;
    let q = item % launch.count;
    memory[entry(place, q, side % 4u, launch.quads + side / 4u)] = models[model_at(label_slot(side), place.inside, q)];
  }
}

fn row_quad(place: Place, q: u32, r: u32) -> mat4x4f {
  let at = entry(place, q, 0u, r);
  let height = launch.quads + launch.side_quads;
  return mat4x4f(memory[at], memory[at + height], memory[at + 2u * height], memory[at + 3u * height]);
}

// Own tile of XX', or of X w.
fn products(place: Place) -> mat4x4f {
  var sum = mat4x4f();
  for (var q = 0u; q < launch.count; q++) {
    sum += transpose(row_quad(place, q, place.row)) * row_quad(place, q, place.column);
  }
  return sum;
}

fn labelled(place: Place, tile: mat4x4f) -> mat4x4f {
  if (place.row < launch.quads) { return tile; }
  let key = vec4u(launch.seed_low, launch.seed_high, launch.errors_unit, launch.errors_generation);
  let counter = vec4u(launch.first_trial + place.trial, place.column, 0u, PURPOSE_NOISE);
  let z = standard_normals(threefry4x32(counter, key));
  let live = vec4u(4u * place.column) + vec4u(0u, 1u, 2u, 3u) < vec4u(launch.rows);
  let g = select(vec4f(0.0), z, live);
  let first = 4u * (place.row - launch.quads);
  let noise = vec4f(label_noise(first), label_noise(first + 1u), label_noise(first + 2u), label_noise(first + 3u));
  return tile + mat4x4f(noise * g.x, noise * g.y, noise * g.z, noise * g.w);
}

// Features 4 q .. 4 q + 3 of X'a for four sides, one per column.
fn estimates(place: Place, side_quad: u32, q: u32) -> mat4x4f {
  var sum = mat4x4f();
  for (var r = 0u; r < launch.quads; r++) {
    sum += row_quad(place, q, r) * transpose(tile_at(place.factor, tile_number(launch.quads + side_quad, r)));
  }
  return sum;
}
