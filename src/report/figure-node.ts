import type { ResvgRenderOptions } from '@resvg/resvg-js';
import { Window } from 'happy-dom';
import { optional } from '../experiment/missing-package.ts';
import { xmlText } from '../experiment/printable.ts';
import { type FigureInput, panelFigure } from './figure.ts';
import { bundledFonts } from './fonts-node.ts';
import { OutputError } from './output-error.ts';

type Resvg = typeof import('@resvg/resvg-js').Resvg;
type FontOptions = NonNullable<ResvgRenderOptions['font']>;

/** The figure as the text of an SVG file. */
export function svgText(input: FigureInput): string {
  return serialised((document) => panelFigure(input, document));
}

/** Text of whatever is drawn in a DOM that exists for this only. */
export function serialised(draw: (document: Document) => SVGSVGElement): string {
  const window = new Window();
  // happy-dom implements the DOM without declaring itself to be the DOM's types.
  const svg = draw(window.document as unknown as Document);
  const text = new window.XMLSerializer().serializeToString(
    svg as unknown as Parameters<XMLSerializer['serializeToString']>[0] & InstanceType<typeof window.Node>,
  );
  void window.happyDOM.close();
  return `${xmlText(text)}\n`;
}

/** A PNG at twice the size of the SVG, on white, with every character drawn. Throws `MissingPackage`. */
export async function pngOf(svg: string): Promise<Uint8Array> {
  return rasterise(svg, await bundledFonts());
}

const loadResvg = () => optional('@resvg/resvg-js', 'PNG files are drawn by', () => import('@resvg/resvg-js'));

/** Takes the bundled font, system fonts for what it lacks, and a question mark for what no font has. */
export async function rasterise(svg: string, fontFiles: readonly string[]): Promise<Uint8Array> {
  const { Resvg } = await loadResvg();
  const bundled = fontOptions(fontFiles, false);
  const characters = [...new Set(svg)].filter((character) => character > '~' && character.trim() !== '');
  const complete = [...characters, 'x'].every((character) => draws(Resvg, character, bundled));
  const font = complete ? bundled : fontOptions(fontFiles, true);
  if (!draws(Resvg, 'x', font))
    throw new OutputError('No font was found to set the PNG in. Install any font (fontconfig), or run npm ci again.');
  const missing = complete ? [] : characters.filter((character) => !draws(Resvg, character, font));
  const shown = missing.reduce((text, character) => text.replaceAll(character, '?'), svg);
  return new Resvg(shown, { font, background: 'white', fitTo: { mode: 'zoom', value: 2 } }).render().asPng();
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
