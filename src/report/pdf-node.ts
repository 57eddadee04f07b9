import { DOMParser } from 'linkedom';
import { MissingPackage, optional } from '../experiment/missing-package.ts';
import { bundledFonts } from './fonts-node.ts';

type Document = InstanceType<typeof import('pdfkit')>;

/** Points of the page for a CSS pixel. */
const POINTS = 72 / 96;

/** The same bytes for the same figure: a PDF says when it was made. */
const MADE = new Date(0);

/** Colours of the root that its parts may ask for. */
const CURRENT = '#1a1a1a';

/**
 * A figure as a PDF of one page of its size: lines as lines, letters as letters of the bundled font, embedded as far as they are used (npm package
 * `pdfkit`). Knows what figures are made of: groups, paths, lines, circles, rectangles and texts with spans, moved and turned. Throws
 * `MissingPackage` where it or the one that has the font is not there.
 */
export async function pdfOf(svg: string): Promise<Uint8Array> {
  const { default: PDFDocument } = await optional('pdfkit', 'PDF files are written by', () => import('pdfkit'));
  const [regular, bold] = await bundledFonts();
  if (regular === undefined || bold === undefined)
    throw new MissingPackage('@sparticuz/chromium', 'PDF files are set in a font that comes with');
  const root = new DOMParser().parseFromString(svg, 'image/svg+xml').documentElement as unknown as Element;
  const [width, height] = ['width', 'height'].map((name) => Number(root.getAttribute(name)));
  const title = root.getAttribute('aria-label') ?? '';
  const pdf = new PDFDocument({
    size: [width! * POINTS, height! * POINTS],
    margin: 0,
    font: regular,
    info: { Title: title, Creator: 'collapse-lab', CreationDate: MADE },
  });
  const parts: Uint8Array[] = [];
  pdf.on('data', (part: Uint8Array) => parts.push(part));
  const done = new Promise<void>((resolve, reject) => pdf.on('end', resolve).on('error', reject));
  pdf.registerFont('regular', regular).registerFont('bold', bold).scale(POINTS);
  new Painter(pdf).children(root, ROOT);
  pdf.end();
  await done;
  return Buffer.concat(parts);
}

/** What parts of a figure have from what they are in. */
interface Style {
  readonly fill: string;
  readonly stroke: string;
  readonly strokeWidth: number;
  readonly strokeOpacity: number;
  readonly dash: readonly number[];
  readonly dashOffset: number;
  readonly cap: 'butt' | 'round' | 'square';
  readonly join: 'miter' | 'round' | 'bevel';
  readonly fontSize: number;
  readonly bold: boolean;
  readonly anchor: string;
}

/** As the root of every figure has it. */
const ROOT: Style = {
  fill: CURRENT,
  stroke: 'none',
  strokeWidth: 1,
  strokeOpacity: 1,
  dash: [],
  dashOffset: 0,
  cap: 'butt',
  join: 'miter',
  fontSize: 12,
  bold: false,
  anchor: 'middle',
};

function styleOf(element: Element, from: Style): Style {
  const given = (name: string) => element.getAttribute(name);
  const number = (name: string, otherwise: number) => Number.parseFloat(given(name) ?? '') || otherwise;
  const dash = given('stroke-dasharray');
  return {
    fill: paint(given('fill')) ?? from.fill,
    stroke: paint(given('stroke')) ?? from.stroke,
    strokeWidth: number('stroke-width', from.strokeWidth),
    strokeOpacity: number('stroke-opacity', from.strokeOpacity),
    dash: dash === null ? from.dash : dash.split(/[\s,]+/).flatMap((part) => (Number(part) > 0 ? [Number(part)] : [])),
    dashOffset: number('stroke-dashoffset', from.dashOffset),
    cap: (given('stroke-linecap') as Style['cap'] | null) ?? from.cap,
    join: (given('stroke-linejoin') as Style['join'] | null) ?? from.join,
    fontSize: length(given('font-size'), from.fontSize) ?? from.fontSize,
    bold: given('font-weight') === null ? from.bold : given('font-weight') === 'bold',
    anchor: given('text-anchor') ?? from.anchor,
  };
}

const paint = (color: string | null): string | null => (color === 'currentColor' ? CURRENT : color);

/** Pixels, also where it is said in letters' heights. */
function length(text: string | null, fontSize: number): number | null {
  if (text === null) return null;
  return text.endsWith('em') ? Number.parseFloat(text) * fontSize : Number.parseFloat(text);
}

class Painter {
  readonly #pdf: Document;

  constructor(pdf: Document) {
    this.#pdf = pdf;
  }

  children(element: Element, style: Style): void {
    for (const child of element.children) this.#paint(child, style);
  }

  #paint(element: Element, from: Style): void {
    const style = styleOf(element, from);
    this.#pdf.save();
    for (const [, name, numbers] of (element.getAttribute('transform') ?? '').matchAll(/(\w+)\(([^)]*)\)/g))
      this.#move(name!, numbers!.split(/[\s,]+/).map(Number));
    const at = (name: string) => Number(element.getAttribute(name) ?? 0);
    switch (element.tagName.toLowerCase()) {
      case 'g':
        this.children(element, style);
        break;
      case 'path':
        if (element.getAttribute('d')) this.#ink(this.#pdf.path(element.getAttribute('d')!), style);
        break;
      case 'line':
        this.#ink(this.#pdf.moveTo(at('x1'), at('y1')).lineTo(at('x2'), at('y2')), { ...style, fill: 'none' });
        break;
      case 'circle':
        this.#ink(this.#pdf.circle(at('cx'), at('cy'), at('r')), style);
        break;
      case 'rect':
        this.#ink(this.#pdf.rect(at('x'), at('y'), at('width'), at('height')), style);
        break;
      case 'text':
        this.#text(element, style);
        break;
    }
    this.#pdf.restore();
  }

  #move(name: string, [a = 0, b = 0, c = 0]: readonly number[]): void {
    if (name === 'translate') this.#pdf.translate(a, b);
    if (name === 'rotate') this.#pdf.rotate(a, { origin: [b, c] });
  }

  /** Fills and strokes the path that is begun. */
  #ink(pdf: Document, style: Style): void {
    const [filled, stroked] = [style.fill !== 'none', style.stroke !== 'none'];
    if (stroked) this.#pen(style);
    if (filled) pdf.fillColor(style.fill);
    if (filled && stroked) pdf.fillAndStroke();
    else if (filled) pdf.fill();
    else if (stroked) pdf.stroke();
    else pdf.addContent('n');
  }

  #pen({ stroke, strokeWidth, strokeOpacity, dash, dashOffset, cap, join }: Style): void {
    this.#pdf.strokeColor(stroke).strokeOpacity(strokeOpacity).lineWidth(strokeWidth).lineCap(cap).lineJoin(join);
    if (dash.length > 0) this.#pdf.addContent(`[${dash.join(' ')}] ${phase(dash, dashOffset)} d`);
  }

  /** Letters from the anchor on; a halo, where they have one, first. */
  #text(element: Element, style: Style): void {
    const spans = spansOf(element, style).map((span) => ({ ...span, text: this.#known(span.text, span.style) }));
    const widths = spans.map(({ text, style: own }) => this.#font(own).widthOfString(text));
    const whole = widths.reduce((sum, width) => sum + width, 0);
    let x =
      (length(element.getAttribute('x'), style.fontSize) ?? 0) -
      { start: 0, middle: whole / 2, end: whole }[style.anchor]!;
    for (const [i, { text, y, style: own }] of spans.entries()) {
      const set = (options: object) =>
        this.#font(own).text(text, x, y, { lineBreak: false, baseline: 'alphabetic', ...options });
      if (own.stroke !== 'none') {
        this.#pen(own);
        set({ stroke: true, fill: false });
      }
      this.#pdf.fillColor(own.fill);
      set({ stroke: false, fill: true });
      x += widths[i]!;
    }
  }

  #font({ bold, fontSize }: Style): Document {
    return this.#pdf.font(bold ? 'bold' : 'regular').fontSize(fontSize);
  }

  /** What the font lacks as the letter it stands for, or a question mark. */
  #known(text: string, style: Style): string {
    this.#font(style);
    const { font } = (this.#pdf as unknown as { readonly _font: { readonly font: Glyphs } })._font;
    const has = (letter: string) => [...letter].every((one) => font.hasGlyphForCodePoint(one.codePointAt(0)!));
    return [...text].map((letter) => [letter, letter.normalize('NFKC'), '?'].find(has)!).join('');
  }
}

interface Glyphs {
  hasGlyphForCodePoint(code: number): boolean;
}

/** PDF takes no phase below 0: the same one within a period. */
function phase(dash: readonly number[], offset: number): number {
  const period = dash.reduce((sum, part) => sum + part, 0) * (dash.length % 2 === 0 ? 1 : 2);
  return ((offset % period) + period) % period;
}

interface Span {
  readonly text: string;
  /** Of the baseline. */
  readonly y: number;
  readonly style: Style;
}

/** Runs of letters of one size on one height. */
function spansOf(element: Element, style: Style): readonly Span[] {
  const shift = (of: Element, own: Style, name: string) => length(of.getAttribute(name), own.fontSize) ?? 0;
  let y = shift(element, style, 'y') + shift(element, style, 'dy');
  return [...element.childNodes].flatMap((node): readonly Span[] => {
    const text = node.textContent ?? '';
    if (node.nodeName.toLowerCase() !== 'tspan') return text === '' ? [] : [{ text, y, style }];
    const own = styleOf(node as Element, style);
    y += shift(node as Element, own, 'dy');
    return [{ text, y, style: own }];
  });
}
