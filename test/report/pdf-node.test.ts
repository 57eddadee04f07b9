/**
 * Plan: a PDF read by its own syntax; its streams are inflated here.
 * - one page of the figure's size, 72 points to 96 pixels; the same bytes for the same figure
 * - letters are letters: both faces embedded as TrueType, none drawn point by point (Type 3), no picture in it
 * - lines, dashes, circles and turned parts are where the SVG has them, with its colours
 * - a text begins left of its anchor by nothing, half its width, or all of it; spans stand raised; a halo lies under its letters
 * - what the font lacks becomes the letter it stands for
 * - every kind of part that any figure of the documentation has is one that is drawn
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { svgText } from '../../src/report/figure-node.ts';
import { pdfOf } from '../../src/report/pdf-node.ts';
import { theoryCurve } from '../../src/report/theory-curve.ts';
import { MANIFEST, predict, RIDGE_PANEL, simulate } from './synthetic.ts';

const figure = svgText({
  title: 'Figure 1',
  panel: RIDGE_PANEL,
  cells: simulate(RIDGE_PANEL).cells,
  theory: theoryCurve(RIDGE_PANEL, (at) => predict('', at)),
  provenance: MANIFEST,
  width: 'icml',
});

const svg = (inner: string) =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="200" height="100" fill="currentColor" text-anchor="middle">${inner}</svg>`;

const latin = async (text: string) => Buffer.from(await pdfOf(text)).toString('latin1');

/** What is drawn on the page, as operators. */
async function drawn(inner: string): Promise<string> {
  const pdf = await latin(svg(inner));
  const streams = [...pdf.matchAll(/stream\r?\n(.*?)\r?\nendstream/gs)].map(([, bytes]) => {
    try {
      return inflateSync(Buffer.from(bytes!, 'latin1')).toString('latin1');
    } catch {
      return '';
    }
  });
  return streams.find((text) => /^1 0 0 -1 0 75 cm/m.test(text))!;
}

/** Where texts begin: the translation of each text matrix. */
const begins = (page: string) =>
  [...page.matchAll(/1 0 0 1 ([-\d.]+) ([-\d.]+) Tm/g)].map(([, x, y]) => [Number(x), Number(y)]);

test('a page of the size of the figure', async () => {
  const pdf = await latin(figure);
  const [width, height] = [/width="(\d+)"/, /height="(\d+)"/].map((size) => Number(size.exec(figure)![1]));
  expect(pdf).toMatch(/^%PDF-/);
  expect(pdf).toContain(`/MediaBox [0 0 ${0.75 * width!} ${0.75 * height!}]`);
  expect(pdf.match(/\/Type \/Page\b/g)).toHaveLength(1);
  expect(await latin(figure)).toBe(pdf);
});

test('letters are letters', async () => {
  const pdf = await latin(figure);
  expect(pdf.match(/\/FontFile2/g)).toHaveLength(2);
  expect(new Set(pdf.match(/\/BaseFont \/\w+\+[\w-]+/g)!.map((name) => name.split('+')[1]))).toEqual(
    new Set(['OpenSans-Regular', 'OpenSans-Bold']),
  );
  expect(pdf).not.toMatch(/\/Type3|\/Subtype \/Image/);
});

test('lines are where they are', async () => {
  const page = await drawn(
    '<g stroke="#0072B2" stroke-width="1.4" stroke-dasharray="5 3" stroke-dashoffset="-2"><line x1="10" y1="20" x2="30" y2="40"/></g>' +
      '<g transform="translate(7,8)"><rect x="1" y="2" width="3" height="4" fill="none" stroke="currentColor"/></g>' +
      '<path d="M1,2L3,4" fill="none"/>',
  );
  expect(page).toContain('[5 3] 6 d');
  expect(page).toMatch(/10 20 m\s+30 40 l\s+.*S/s);
  expect(page).toMatch(/0 0\.447\d+ 0\.698\d+ SCN/);
  expect(page).toMatch(/1\.4 w/);
  expect(page).toMatch(/1 0 0 1 7 8 cm[\s\S]*1 2 3 4 re/);
});

test('texts stand at their anchors', async () => {
  const text = (attributes: string) => `<text x="100" y="50" font-size="10" ${attributes}>Words</text>`;
  const [[start], [middle], [end]] = begins(
    await drawn(text('text-anchor="start"') + text('') + text('text-anchor="end"')),
  ) as [number[], number[], number[]];
  expect(start).toBeCloseTo(100, 6);
  expect(start! - middle!).toBeCloseTo((start! - end!) / 2, 3);
  // Five letters of ten pixels are some thirty wide.
  expect(start! - end!).toBeGreaterThan(22);
  expect(start! - end!).toBeLessThan(38);
});

test('spans are raised, halos lie below', async () => {
  const raised = begins(
    await drawn('<text y="50" font-size="10">10<tspan dy="-0.55em" font-size="0.72em">2</tspan></text>'),
  );
  expect(raised).toHaveLength(2);
  // Upwards by 0.55 of its own 7.2 pixels; and behind the number.
  expect(raised[1]![1]! - raised[0]![1]!).toBeCloseTo(0.55 * 7.2, 3);
  expect(raised[1]![0]).toBeGreaterThan(raised[0]![0]! + 8);
  const texts = (await drawn('<text stroke="white" stroke-width="3">x</text>')).match(/BT[\s\S]*?ET/g)!;
  expect(texts.map((text) => /1 Tr/.test(text))).toEqual([true, false]);
});

test('a letter that the font lacks is not lost', async () => {
  expect(await drawn('<text>λₐ</text>')).toBe(await drawn('<text>λa</text>'));
  expect(await drawn('<text>\u{10FFFD}</text>')).toBe(await drawn('<text>?</text>'));
});

test('knows all that figures are made of', () => {
  const folder = join(import.meta.dirname, '../../docs/figures');
  const tags = new Set(
    readdirSync(folder)
      .filter((name) => name.endsWith('.svg'))
      .flatMap((name) => readFileSync(join(folder, name), 'utf8').match(/(?<=<)[a-zA-Z]+/g)!),
  );
  const known = ['svg', 'style', 'g', 'path', 'line', 'circle', 'rect', 'text', 'tspan'];
  expect([...tags].filter((tag) => !known.includes(tag))).toEqual([]);
});
