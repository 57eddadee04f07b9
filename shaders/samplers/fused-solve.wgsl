// The part of a fused trial that both forms share (fused-primal.wgsl, fused-dual.wgsl): Cholesky, solves, test error.
//   formula       A = L L',  W L' = B,  V L = W: the rows of V solve A v = b for every row b of B
//   reads         launch: sizes of the layout (src/kernels/fused.ts), order, sides, ridges, measured, columns, stride4 (row
//                 length of a model), trials (capacity of the batch); settings[.]: what a pass adds to that, see `setting`
//   writes        errors[ridge][side][trial] from `error_offset`; models[slot][trial][j] of estimates that are kept;
//                 statuses[ridge][trial] from `status_offset`: 1 + index of the first pivot that is not positive and finite
//   error bound   factor and solve as cholesky-*.wgsl: scaled residuals below 10 (n + 16) eps
// An invocation owns one 4 x 4 tile of the lower triangle of A, or of the rows of B beneath it, in registers from the first
// draw to the estimate. Tiles are numbered down the columns, so that those that are done are whole subgroups, and neighbours
// read neighbouring vec4: no bank conflicts. Two barriers per four columns, one in the substitution; no divergence but that
// of finished tiles. A workgroup takes several trials where one has few tiles. Sizes are launch parameters and only lanes and
// memory are constants: a software driver needs seconds to compile these barriers, so that pipelines must be few.

override LANES: u32 = 64u;
// Vectors of four that the workgroup holds.
override MEMORY: u32 = 512u;

const NONE = 0xffffffffu;
const MOST_COLUMNS = 128u;

// Each trial has `size` vectors: rows or design; the factor from `factor_at`, column p of tile i being number
// factor_at + p * tiles + i, a vec4 over the rows of the tile; the parts of its test errors from `parts_at`.
var<workgroup> memory: array<vec4f, MEMORY>;
var<workgroup> scales: array<f32, MOST_COLUMNS>;
var<workgroup> failed: array<u32, LANES / 2u>;

// Where an invocation works.
struct Place {
  // Trial within the batch, the same within its limits, and within the workgroup.
  trial: u32,
  inside: u32,
  local: u32,
  // Own tile, its row and column; a lane to spare has none and stands at the first.
  tile: u32,
  row: u32,
  column: u32,
  // Start of the trial's data, factor and parts of test errors in the workgroup's memory.
  data: u32,
  factor: u32,
  parts: u32,
}

fn place_of(lane: u32, group: u32) -> Place {
  var place: Place;
  place.tile = NONE;
  if (lane < launch.group_trials * launch.tiles) {
    place.local = lane / launch.tiles;
    place.tile = lane % launch.tiles;
    for (var c = 1u; c < launch.quads; c++) {
      if (place.tile >= tile_number(c, c)) { place.column = c; }
    }
    place.row = place.tile - tile_number(0u, place.column);
  }
  place.trial = group * launch.group_trials + place.local;
  place.inside = min(place.trial, launch.trials - 1u);
  place.data = place.local * launch.size;
  place.factor = place.data + launch.factor_at;
  place.parts = place.data + launch.parts_at;
  return place;
}

fn tile_number(row: u32, column: u32) -> u32 {
  return column * (2u * (launch.quads + launch.side_quads) - column - 1u) / 2u + row;
}

fn tile_at(factor: u32, i: u32) -> mat4x4f {
  let at = factor + i;
  return mat4x4f(memory[at], memory[at + launch.tiles], memory[at + 2u * launch.tiles], memory[at + 3u * launch.tiles]);
}

fn put_tile(factor: u32, i: u32, tile: mat4x4f) {
  let at = factor + i;
  memory[at] = tile[0];
  memory[at + launch.tiles] = tile[1];
  memory[at + 2u * launch.tiles] = tile[2];
  memory[at + 3u * launch.tiles] = tile[3];
}

// What the host says of a pass: slot of the labelling model and noise of every side, then per ridge the penalty and the
// slots in which the sides' estimates are kept.
fn setting(i: u32) -> u32 { return settings[launch.settings + i]; }
fn label_slot(side: u32) -> u32 { return setting(2u * side); }
fn label_noise(side: u32) -> f32 { return bitcast<f32>(setting(2u * side + 1u)); }
fn ridge_setting(ridge: u32) -> u32 { return 8u * launch.side_quads + ridge * (1u + 4u * launch.side_quads); }
fn penalty(ridge: u32) -> f32 { return bitcast<f32>(setting(ridge_setting(ridge))); }
fn kept_slot(ridge: u32, side: u32) -> u32 { return setting(ridge_setting(ridge) + 1u + side); }

// Four coefficients of a model from number 4 q on: rows of models are whole quads, padded with zeros.
fn model_at(slot: u32, trial: u32, q: u32) -> u32 { return (slot * launch.trials + trial) * launch.stride4 + q; }

fn load_scales(lane: u32) {
  for (var j = lane; j < launch.columns; j += LANES) { scales[j] = scale[j]; }
}

// Zero beyond the data, as memory of a workgroup begins.
fn scale_quad(q: u32) -> vec4f {
  return vec4f(scales[4u * q], scales[4u * q + 1u], scales[4u * q + 2u], scales[4u * q + 3u]);
}

// The tile with the penalty on the diagonal; rows beyond the order become rows of the identity.
fn shifted(place: Place, tile: mat4x4f, ridge: u32) -> mat4x4f {
  if (place.row != place.column) { return tile; }
  let live = vec4u(4u * place.row) + vec4u(0u, 1u, 2u, 3u) < vec4u(launch.order);
  let diagonal = vec4f(tile[0].x, tile[1].y, tile[2].z, tile[3].w) + penalty(ridge);
  let d = select(vec4f(1.0), diagonal, live);
  return mat4x4f(
    vec4f(d.x, tile[0].yzw),
    vec4f(tile[1].x, d.y, tile[1].zw),
    vec4f(tile[2].xy, d.z, tile[2].w),
    vec4f(tile[3].xyz, d.w),
  );
}

// Tested on its bits (WGSL may assume that NaN does not occur): positive, finite, not denormal.
fn is_sound(pivot: f32) -> bool {
  return bitcast<u32>(pivot) - 0x00800000u < 0x7f000000u;
}

fn reciprocal_root(pivot: f32) -> f32 {
  return 1.0 / sqrt(select(1.0, pivot, is_sound(pivot)));
}

// Factor of a diagonal tile, reciprocals on its diagonal; above it stands what is never read.
fn factor_diagonal(place: Place, tile: mat4x4f) -> mat4x4f {
  let r0 = reciprocal_root(tile[0].x);
  let c0 = tile[0] * r0;
  let a1 = tile[1] - c0 * c0.y;
  let r1 = reciprocal_root(a1.y);
  let c1 = a1 * r1;
  let a2 = tile[2] - c0 * c0.z - c1 * c1.z;
  let r2 = reciprocal_root(a2.z);
  let c2 = a2 * r2;
  let a3 = tile[3] - c0 * c0.w - c1 * c1.w - c2 * c2.w;
  let r3 = reciprocal_root(a3.w);
  var bad = select(4u, NONE, is_sound(a3.w));
  bad = select(3u, bad, is_sound(a2.z));
  bad = select(2u, bad, is_sound(a1.y));
  bad = select(1u, bad, is_sound(tile[0].x));
  if (bad != NONE && failed[place.local] == 0u) { failed[place.local] = 4u * place.row + bad; }
  return mat4x4f(vec4f(r0, c0.yzw), vec4f(0.0, r1, c1.zw), vec4f(0.0, 0.0, r2, c2.w), vec4f(0.0, 0.0, 0.0, r3));
}

// Factors A into the workgroup's memory and returns the own tile of W where that is a tile of B.
fn factorise(place: Place, shifted_tile: mat4x4f) -> mat4x4f {
  var tile = shifted_tile;
  if (place.tile == 0u) { failed[place.local] = 0u; }
  for (var k = 0u; k < launch.quads; k++) {
    let diagonal = tile_number(k, k);
    if (place.tile == diagonal) { put_tile(place.factor, diagonal, factor_diagonal(place, tile)); }
    workgroupBarrier();
    if (place.column == k && place.row > k) {
      let l = tile_at(place.factor, diagonal);
      let x0 = tile[0] * l[0].x;
      let x1 = (tile[1] - x0 * l[0].y) * l[1].y;
      let x2 = (tile[2] - x0 * l[0].z - x1 * l[1].z) * l[2].z;
      let x3 = (tile[3] - x0 * l[0].w - x1 * l[1].w - x2 * l[2].w) * l[3].w;
      tile = mat4x4f(x0, x1, x2, x3);
      put_tile(place.factor, place.tile, tile);
    }
    workgroupBarrier();
    if (place.column > k) {
      let left = tile_at(place.factor, tile_number(place.row, k));
      let right = tile_at(place.factor, tile_number(place.column, k));
      tile -= left * transpose(right);
    }
  }
  return tile;
}

// From W to V, whose tiles come to stand in place of those of B; returns the own one.
fn substitute_back(place: Place, tile_of_w: mat4x4f) -> mat4x4f {
  var tile = tile_of_w;
  for (var done = 0u; done < launch.quads; done++) {
    let k = launch.quads - 1u - done;
    if (place.column == k && place.row >= launch.quads) {
      let l = tile_at(place.factor, tile_number(k, k));
      let x3 = tile[3] * l[3].w;
      let x2 = (tile[2] - x3 * l[2].w) * l[2].z;
      let x1 = (tile[1] - x2 * l[1].z - x3 * l[1].w) * l[1].y;
      let x0 = (tile[0] - x1 * l[0].y - x2 * l[0].z - x3 * l[0].w) * l[0].x;
      tile = mat4x4f(x0, x1, x2, x3);
      put_tile(place.factor, place.tile, tile);
    }
    workgroupBarrier();
    if (place.column < k && place.row >= launch.quads) {
      let solved = tile_at(place.factor, tile_number(place.row, k));
      tile -= solved * tile_at(place.factor, tile_number(k, place.column));
    }
  }
  return tile;
}

// Keeps four coefficients from 4 q on of four sides, and their part of the test error; the columns of `estimates` are sides.
fn deliver(place: Place, ridge: u32, side_quad: u32, q: u32, estimates: mat4x4f) {
  keep(place, kept_slot(ridge, 4u * side_quad), q, estimates[0]);
  keep(place, kept_slot(ridge, 4u * side_quad + 1u), q, estimates[1]);
  keep(place, kept_slot(ridge, 4u * side_quad + 2u), q, estimates[2]);
  keep(place, kept_slot(ridge, 4u * side_quad + 3u), q, estimates[3]);
  let truth = models[model_at(0u, place.inside, q)];
  let weight = scale_quad(q);
  let e0 = weight * (estimates[0] - truth);
  let e1 = weight * (estimates[1] - truth);
  let e2 = weight * (estimates[2] - truth);
  let e3 = weight * (estimates[3] - truth);
  memory[place.parts + side_quad * launch.count + q] =
    vec4f(dot(e0, e0), dot(e1, e1), dot(e2, e2), dot(e3, e3));
}

fn keep(place: Place, slot: u32, q: u32, coefficients: vec4f) {
  if (slot != NONE && place.trial < launch.trials) { models[model_at(slot, place.trial, q)] = coefficients; }
}

// Adds the parts up.
fn report(place: Place, ridge: u32) {
  workgroupBarrier();
  if (place.trial < launch.trials) {
    if (launch.measured != 0u) {
      for (var s = place.tile; s < launch.sides; s += launch.tiles) {
        let first = place.parts + (s / 4u) * launch.count;
        var sum = 0.0;
        for (var i = 0u; i < launch.count; i++) { sum += memory[first + i][s % 4u]; }
        errors[launch.error_offset + (ridge * launch.sides + s) * launch.trials + place.trial] = sum;
      }
    }
    if (place.tile == 0u) { statuses[launch.status_offset + ridge * launch.trials + place.trial] = failed[place.local]; }
  }
  workgroupBarrier();
}
