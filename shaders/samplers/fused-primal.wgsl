// A whole fit of a small trial in one workgroup, rows >= features: draw, Gram matrix, moments, Cholesky, solve, test error.
//   formula       G = X'X,  b = X'y = G w + noise X'g for y = X w + noise g,  (G + penalty) v = b, E = |scale (v - w0)|^2
//   reads         scale[j]; models[slot][trial][j], slot 0 the truth w0, others the models w that label
//   writes        as fused-solve.wgsl
//   needs         random/*.wgsl, samplers/fused-solve.wgsl
//   grid          x: one workgroup of `group_trials` trials, one invocation per 4 x 4 tile
//   error bound   G and X'g as linalg/gram.wgsl: (128 + rows/128 + 2) eps |X|'|X|; G w: (m + 4) eps |G||w| more
// X passes through in blocks of `tile_rows`, a divisor of RUN, that never leave the workgroup. All lanes draw: at m <= 64
// random numbers take more time than their products, so that a lane turns one Threefry block into four normals whatever
// tile it owns. X'y = G w + noise X'g spares the labels: m^2 products for each model in place of 2 rows m, and one moment
// X'g serves all sides.

override RUN: u32 = 128u;

@compute @workgroup_size(LANES)
fn main(@builtin(local_invocation_index) lane: u32, @builtin(workgroup_id) group: vec3u) {
  let place = place_of(lane, launch.first_group + group.x);
  load_scales(lane);
  workgroupBarrier();
  let tile = moments(place, gram(place));
  for (var ridge = 0u; ridge < launch.ridges; ridge++) {
    let solved = substitute_back(place, factorise(place, shifted(place, tile, ridge)));
    if (place.row >= launch.quads) { deliver(place, ridge, place.row - launch.quads, place.column, transpose(solved)); }
    report(place, ridge);
  }
}

// Own tile of G, or of X'g: its four rows are equal. Rows are summed in runs, as in linalg/gram.wgsl.
fn gram(place: Place) -> mat4x4f {
  var total = mat4x4f();
  var sum = mat4x4f();
  let row = min(place.row, launch.quads);
  let width = launch.quads + 1u;
  for (var first = 0u; first < launch.rows; first += launch.tile_rows) {
    draw_rows(place, first);
    workgroupBarrier();
    let count = min(launch.tile_rows, launch.rows - first);
    for (var t = 0u; t < count; t++) {
      let at = place.data + t * width;
      let a = memory[at + row];
      let b = memory[at + place.column];
      sum += mat4x4f(a * b.x, a * b.y, a * b.z, a * b.w);
    }
    if ((first + launch.tile_rows) % RUN == 0u) {
      total += sum;
      sum = mat4x4f();
    }
    workgroupBarrier();
  }
  return total + sum;
}

// Rows of X, and g in the last column, four times over. The last items are draws of g, four rows each.
fn draw_rows(place: Place, first: u32) {
  let width = launch.quads + 1u;
  let designs = launch.tile_rows * launch.quads;
  for (var item = place.tile; item < designs + launch.tile_rows / 4u; item += launch.tiles) {
    let is_noise = item >= designs;
    let t = select(item / launch.quads, 4u * (item - designs), is_noise);
    let q = item % launch.quads;
    let key = select(vec2u(launch.unit, launch.generation), vec2u(launch.errors_unit, launch.errors_generation), is_noise);
    let row = select(first + t, (first + t) / 4u, is_noise);
    let counter = vec4u(
      launch.first_trial + place.trial,
      row,
      select(q, 0u, is_noise),
      select(PURPOSE_DESIGN, PURPOSE_NOISE, is_noise),
    );
    let z = standard_normals(threefry4x32(counter, vec4u(launch.seed_low, launch.seed_high, key)));
    let at = place.data + t * width;
    if (is_noise) {
      memory[at + launch.quads] = vec4f(z.x);
      memory[at + width + launch.quads] = vec4f(z.y);
      memory[at + 2u * width + launch.quads] = vec4f(z.z);
      memory[at + 3u * width + launch.quads] = vec4f(z.w);
    } else {
      memory[at + q] = z * scale_quad(q);
    }
  }
}

// From the tiles of G and X'g to those of G and X'y: lanes take a side and four columns of w'G each, and put them where the
// tile of B will stand, side s % 4 in place of a column.
fn moments(place: Place, tile: mat4x4f) -> mat4x4f {
  if (place.row < launch.quads && place.tile != NONE) { put_tile(place.factor, place.tile, tile); }
  workgroupBarrier();
  for (var item = place.tile; item < 4u * launch.side_quads * launch.quads; item += launch.tiles) {
    let side = item / launch.quads;
    let column = item % launch.quads;
    let slot = label_slot(side);
    var b = vec4f(0.0);
    // Sides that only fill up the four have no labels.
    let height = select(0u, launch.quads, side < launch.sides);
    for (var r = 0u; r < height; r++) {
      let w = models[model_at(slot, place.inside, r)];
      let block = tile_at(place.factor, tile_number(max(r, column), min(r, column)));
      // Above the diagonal stands the transpose of what is stored.
      if (r < column) { b += block * w; } else { b += w * block; }
    }
    memory[place.factor + (side % 4u) * launch.tiles + tile_number(launch.quads + side / 4u, column)] = b;
  }
  workgroupBarrier();
  if (place.row < launch.quads) { return tile; }
  let first = 4u * (place.row - launch.quads);
  let noise = vec4f(label_noise(first), label_noise(first + 1u), label_noise(first + 2u), label_noise(first + 3u));
  let labelled = transpose(tile_at(place.factor, place.tile));
  return labelled + mat4x4f(noise * tile[0], noise * tile[1], noise * tile[2], noise * tile[3]);
}
