// Images of a batch as numbers, in both orders.
//   formula       x[c][j] = (pixel - shift of the image - shift of the pixel) * factor of the image, zero for c >= count
//   reads         MODE 0: rows order[trial][first + c];  1: rows first + c;  2: test images first + c, as the draws have it for rows:
//                 picks[trial][sample + row]; pixels[image][inputs] in bytes; images[image] = (shift, factor); shifts[j]
//   writes        columns[trial][c]: the row, for a test image its number among all images, NO_ROW for c >= count; by_pixel[trial][j][c] as vec4
//                 over c, row length 4 * columns4; with `both` by_image[trial][c][j] as vec4 over j
//   grid          four images and four pixels each lane, images first; trial
//   exactness     pixels are integers; three roundings

override MODE: u32 = 0u;

const NO_ROW = 0xffffffffu;

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) lane: u32, @builtin(workgroup_id) group: vec3u) {
  let item = (launch.first_group + group.x) * 64u + lane;
  let column4 = item % launch.columns4;
  let block = item / launch.columns4;
  let blocks = launch.inputs / 4u;
  if (block >= blocks) { return; }
  let trial = group.y;
  var x = mat4x4f();
  for (var k = 0u; k < 4u; k++) {
    let c = 4u * column4 + k;
    var row = NO_ROW;
    if (c < launch.count) {
      row = launch.first + c;
      if (MODE == 0u) { row = order[trial * launch.most_rows + row]; }
      var image = launch.training + row;
      if (MODE == 2u) { row = image; } else { image = picks[trial * launch.picked + launch.sample + row]; }
      let word = pixels[image * blocks + block];
      let pixel = vec4f(vec4u(word, word >> 8u, word >> 16u, word >> 24u) & vec4u(255u));
      x[k] = (pixel - images[2u * image] - shifts[block]) * images[2u * image + 1u];
    }
    if (block == 0u) { columns[trial * launch.most_columns + c] = row; }
  }
  if (launch.both != 0u) {
    for (var k = 0u; k < 4u; k++) {
      by_image[(trial * launch.most_columns + 4u * column4 + k) * blocks + block] = x[k];
    }
  }
  let turned = transpose(x);
  for (var k = 0u; k < 4u; k++) {
    by_pixel[trial * launch.inputs * launch.most_columns / 4u + (4u * block + k) * launch.columns4 + column4] = turned[k];
  }
}
