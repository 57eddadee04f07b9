import { xmlText } from '../experiment/printable.ts';

/** Text of a figure set by ourselves: superscripts, wrapping, and an estimate of its width. */

const SVG = 'http://www.w3.org/2000/svg';

/** Open Sans is what the PNG is set in; the others are what a browser has. */
export const FONT_FAMILY = "'Open Sans', 'Helvetica Neue', Helvetica, Arial, sans-serif";

/** Advance of a character in Open Sans, in em: of a digit, and of running text on the average. */
const DIGIT_ADVANCE = 0.58;
const TEXT_ADVANCE = 0.51;

/** Width in pixels to reserve for a short text with numbers in it, superscript marks not counted. */
export function estimatedWidth(text: string, fontSize: number): number {
  return DIGIT_ADVANCE * fontSize * text.replace(/\^\{|\}/g, '').length;
}

/** Breaks a text at spaces so that no line is much wider than `width`. */
export function wrapText(text: string, width: number, fontSize: number): readonly string[] {
  const characters = width / (TEXT_ADVANCE * fontSize);
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const longer = lines.length > 0 ? `${lines.at(-1)} ${word}` : word;
    if (lines.length > 0 && longer.length <= characters) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

export interface TextStyle {
  readonly x: number;
  readonly y: number;
  readonly fontSize: number;
  readonly fill: string;
  readonly bold?: boolean;
}

/** A left-aligned text with its baseline at y. */
export function textElement(document: Document, text: string, style: TextStyle): SVGTextElement {
  const element = svgElement(document, 'text', {
    x: round(style.x),
    y: round(style.y),
    fill: style.fill,
    'text-anchor': 'start',
    'font-size': style.fontSize,
    ...(style.bold === true ? { 'font-weight': 'bold' } : {}),
  });
  element.textContent = xmlText(text);
  raise(element, document);
  return element;
}

export function svgElement<Name extends keyof SVGElementTagNameMap>(
  document: Document,
  name: Name,
  attributes: Readonly<Record<string, string | number>>,
): SVGElementTagNameMap[Name] {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  return element;
}

/** Rewrites `10^{−3}` in every text below as a raised, smaller span; fonts lack a superscript minus, browsers `baseline-shift`. */
export function raiseSuperscripts(svg: Element, document: Document): void {
  for (const text of svg.querySelectorAll('text')) raise(text, document);
}

function raise(element: Element, document: Document): void {
  const parts = (element.textContent ?? '').split(/\^\{([^}]*)\}/);
  if (parts.length === 1) return;
  element.textContent = '';
  parts.forEach((part, i) => {
    if (part !== '') element.append(span(document, part, i));
  });
}

/** Odd parts are superscripts; what follows one comes back down. */
function span(document: Document, text: string, index: number): Element {
  const raised = index % 2 === 1;
  const dy = raised ? '-0.55em' : index > 0 ? '0.4em' : '0';
  const element = svgElement(document, 'tspan', { dy, ...(raised ? { 'font-size': '0.72em' } : {}) });
  element.textContent = text;
  return element;
}

export function round(value: number): number {
  return Math.round(100 * value) / 100;
}
