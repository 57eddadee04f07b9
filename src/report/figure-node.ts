import { crc32 } from 'node:zlib';
import type { ResvgRenderOptions } from '@resvg/resvg-js';
import { parseHTML } from 'linkedom';
import { optional } from '../experiment/missing-package.ts';
import { xmlText } from '../experiment/printable.ts';
import { type FigureInput, panelFigure, panelsFigure } from './figure.ts';
import type { Together } from './figure-sheet.ts';
import { bundledFonts } from './fonts-node.ts';
import { OutputError } from './output-error.ts';

type Resvg = typeof import('@resvg/resvg-js').Resvg;
type FontOptions = NonNullable<ResvgRenderOptions['font']>;

/** The figure as the text of an SVG file. */
export function svgText(input: FigureInput): string {
  return serialised((document) => panelFigure(input, document));
}

/** Several panels as one figure, as the text of an SVG file. */
export function panelsText(inputs: readonly FigureInput[], together: Together): string {
  return serialised((document) => panelsFigure(inputs, together, document));
}

/** Text of whatever is drawn in a DOM that exists for this only. */
export function serialised(draw: (document: Document) => SVGSVGElement): string {
  const { document } = parseHTML('<!doctype html><html></html>');
  return `${xmlText(draw(document).outerHTML)}\n`;
}

/** Dots of a PNG for a CSS pixel. */
export const SHARPNESS = 2;

/** A PNG, twice the size of the SVG or as sharp as asked, on white, with every character drawn. Throws `MissingPackage`. */
export async function pngOf(svg: string, sharpness = SHARPNESS): Promise<Uint8Array> {
  return rasterise(svg, await bundledFonts(), sharpness);
}

const loadResvg = () => optional('@resvg/resvg-js', 'PNG files are drawn by', () => import('@resvg/resvg-js'));

/** Takes the bundled font, system fonts for what it lacks, and a question mark for what no font has. */
export async function rasterise(svg: string, fontFiles: readonly string[], sharpness = SHARPNESS): Promise<Uint8Array> {
  const { Resvg } = await loadResvg();
  const bundled = fontOptions(fontFiles, false);
  const characters = [...new Set(svg)].filter((character) => character > '~' && character.trim() !== '');
  const complete = [...characters, 'x'].every((character) => draws(Resvg, character, bundled));
  const font = complete ? bundled : fontOptions(fontFiles, true);
  if (!draws(Resvg, 'x', font))
    throw new OutputError('No font was found to set the PNG in. Install any font (fontconfig), or run npm ci again.');
  const missing = complete ? [] : characters.filter((character) => !draws(Resvg, character, font));
  const shown = missing.reduce((text, character) => text.replaceAll(character, '?'), svg);
  const png = new Resvg(shown, { font, background: 'white', fitTo: { mode: 'zoom', value: sharpness } })
    .render()
    .asPng();
  return withDensity(png, sharpness);
}

/** Where the first chunk of a PNG ends, which is the header. */
const HEADER_END = 33;

/** Dots in a metre for one in a CSS pixel. */
const PER_METRE = 96 / 0.0254;

/** Says how many dots a metre has (chunk pHYs), so that the figure has its size wherever it is put. */
function withDensity(png: Uint8Array, sharpness: number): Uint8Array {
  const chunk = Buffer.alloc(21);
  chunk.writeUInt32BE(9, 0);
  chunk.write('pHYs', 4, 'latin1');
  for (const at of [8, 12]) chunk.writeUInt32BE(Math.round(sharpness * PER_METRE), at);
  chunk.writeUInt8(1, 16);
  chunk.writeUInt32BE(crc32(chunk.subarray(4, 17)), 17);
  return Buffer.concat([png.subarray(0, HEADER_END), chunk, png.subarray(HEADER_END)]);
}

function fontOptions(fontFiles: readonly string[], loadSystemFonts: boolean): FontOptions {
  const family = fontFiles.length > 0 ? { defaultFontFamily: 'Open Sans', sansSerifFamily: 'Open Sans' } : {};
  return { fontFiles: [...fontFiles], loadSystemFonts, ...family };
}

/** A glyph that is missing leaves no mark at all, so its box does not exist. */
function draws(Resvg: Resvg, character: string, font: FontOptions): boolean {
  const text = `<text y="20" font-family="Open Sans, sans-serif">${character}</text>`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="30" height="30">${text}</svg>`;
  return new Resvg(svg, { font }).getBBox() !== undefined;
}
