/**
 * Plan
 * - The PNG has twice the size of the SVG, or as many dots in an inch as asked, and says so; a white corner and ink where the title is.
 * - Text shows without any system font; with no font at all it is an error, never an empty figure.
 * - A character that no font has becomes a question mark.
 * - No text leaves the picture on the left, the right or below, at any preset.
 */
import { crc32 } from 'node:zlib';
import { Resvg } from '@resvg/resvg-js';
import { expect, test } from 'vitest';
import type { FigureWidth } from '../../src/report/figure.ts';
import { pngOf, rasterise, svgText } from '../../src/report/figure-node.ts';
import { bundledFonts } from '../../src/report/fonts-node.ts';
import { theoryCurve } from '../../src/report/theory-curve.ts';
import { MANIFEST, predict, SAMPLES_PANEL, simulate } from './synthetic.ts';

function figure(width: FigureWidth, title = 'Model Collapse Demystified, Figure 1: samples'): string {
  const theory = theoryCurve(SAMPLES_PANEL, (at) => predict('', at));
  const { cells } = simulate(SAMPLES_PANEL);
  return svgText({ title, panel: SAMPLES_PANEL, cells, theory, provenance: MANIFEST, width });
}

test('size and signature of the PNG', async () => {
  const svg = figure('icml');
  const png = Buffer.from(await pngOf(svg));
  expect(png.subarray(1, 4).toString()).toBe('PNG');
  expect(png.readUInt32BE(16)).toBe(2 * 312);
  expect(png.readUInt32BE(20)).toBe(2 * Number(/height="(\d+)"/.exec(svg)![1]));
});

test('dots in an inch', async () => {
  const png = Buffer.from(await pngOf(figure('icml'), 300 / 96));
  expect(png.readUInt32BE(16)).toBe(975);
  const at = png.indexOf('pHYs');
  expect(png.readUInt32BE(at - 4)).toBe(9);
  expect([png.readUInt32BE(at + 4), png.readUInt32BE(at + 8), png.readUInt8(at + 12)]).toEqual([11811, 11811, 1]);
  expect(png.readUInt32BE(at + 13)).toBe(crc32(png.subarray(at, at + 13)));
  expect(at).toBeLessThan(png.indexOf('IDAT'));
});

/** Darkest value of each pixel row of a picture drawn with the bundled fonts alone. */
async function ink(svg: string): Promise<readonly number[]> {
  const fontFiles = [...(await bundledFonts())];
  const font = { fontFiles, loadSystemFonts: false, defaultFontFamily: 'Open Sans' };
  const image = new Resvg(svg, { font, background: 'white' }).render();
  const { width, height, pixels } = image;
  return Array.from({ length: height }, (_, row) =>
    Math.min(...pixels.subarray(4 * row * width, 4 * (row + 1) * width - 3)),
  );
}

test('text is drawn from the bundled font alone', async () => {
  expect(await bundledFonts()).toHaveLength(2);
  const rows = await ink(figure('default'));
  expect(Math.min(...rows.slice(6, 20))).toBeLessThan(80);
  const withoutTitle = await ink(figure('default', ' '));
  expect(Math.min(...withoutTitle.slice(6, 20))).toBe(255);
});

test('a missing font is an error', async () => {
  const text = '<svg xmlns="http://www.w3.org/2000/svg" width="30" height="30"><text y="20">x</text></svg>';
  const system = new Resvg(text).getBBox() !== undefined;
  if (system) expect((await rasterise(text, [])).length).toBeGreaterThan(60);
  else await expect(rasterise(text, [])).rejects.toThrow('No font was found');
});

test('a character that no font has is not lost', async () => {
  const files = await bundledFonts();
  const svg = (text: string) =>
    `<svg xmlns="http://www.w3.org/2000/svg" width="60" height="30"><text y="20">${text}</text></svg>`;
  expect(await rasterise(svg('a\u{10FFFD}b'), files)).toEqual(await rasterise(svg('a?b'), files));
});

test.each(['default', 'neurips', 'icml'] as const)('no text is cut off at width %s', async (width) => {
  const fontFiles = [...(await bundledFonts())];
  const font = { fontFiles, loadSystemFonts: false, defaultFontFamily: 'Open Sans' };
  const svg = figure(width, `${'A rather long title of an experiment '.repeat(3)}end`);
  const [full, high] = [/width="(\d+)"/, /height="(\d+)"/].map((size) => Number(size.exec(svg)![1]));
  // The root as it is, whose attributes the texts inherit, on a sheet too large to cut anything off.
  const root = /<svg [^>]*>/.exec(svg)![0].replace(/ (width|height|viewBox)="[^"]*"/g, '');
  for (const [text] of svg.matchAll(/<text x=[^>]*>.*?<\/text>/g)) {
    const sheet = root.replace('<svg ', '<svg width="9999" height="9999" viewBox="-4999 -4999 9999 9999" ');
    const box = new Resvg(`${sheet}${text}</svg>`, { font }).getBBox()!;
    expect(box.x).toBeGreaterThan(0);
    expect(box.x + box.width).toBeLessThan(full!);
    expect(box.y + box.height).toBeLessThan(high!);
  }
});
