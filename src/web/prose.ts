import { html, type TemplateResult } from 'lit';

/** Text of experiment files, whose mathematics is typed (`sigma0^2`, `T^-l_crit`, `||w0||`), as it is read. */
export function prose(text: string): TemplateResult {
  const parts = text.split('`');
  return html`${parts.map((part, i) => (i % 2 === 1 ? html`<code>${part}</code>` : mathematics(greek(part))))}`;
}

const LETTERS: readonly (readonly [RegExp, string])[] = [
  [/\|\|(\w+)\|\|/g, '‖$1‖'],
  [/\bbeta'/g, 'β′'],
  [/\bsigma(?=\d|\b|_)/g, 'σ'],
  [/\bSigma(?=\d|\b|_)/g, 'Σ'],
  [/\bphi(?=\d|\b)/g, 'φ'],
  [/\blambda\b/g, 'λ'],
  [/\bbeta\b/g, 'β'],
  [/\bDelta\b/g, 'Δ'],
  [/\bdelta\b/g, 'δ'],
  [/\bzeta(?=\b|\()/g, 'ζ'],
  [/\bGamma(?=\b|\()/g, 'Γ'],
  [/\btau\b/g, 'τ'],
  [/\bpi\b/g, 'π'],
  [/<=/g, '≤'],
  [/>=/g, '≥'],
];

const greek = (text: string): string => LETTERS.reduce((now, [pattern, letter]) => now.replace(pattern, letter), text);

/**
 * Exponents and indices. An exponent is what stands in parentheses, a number, a fraction of numbers (not above π, whose powers are
 * squares), or a name with its index.
 */
const RAISED =
  /((?<=π)\^-?\d+|\^-?\((?:[^()]|\([^()]*\))*\)|\^-?\.?\d+(?:\.\d+)?(?:\/\d+)?|\^-?[A-Za-zβτσ](?:_\w+)?(?![A-Za-z]))|((?<=\b(?:T|w|n|p|c|m|N|B|SNR)|[σφΣl])\d(?![\d.])|(?<=\b(?:T|c|s|p|l|E|x|w)|[σ])_[A-Za-z]+)/g;

function mathematics(text: string): TemplateResult {
  const pieces: (string | TemplateResult)[] = [];
  let at = 0;
  for (const { 0: found, 1: raised, index } of text.matchAll(RAISED)) {
    pieces.push(text.slice(at, index), raised ? html`<sup>${indexed(exponent(found))}</sup>` : lowered(found));
    at = index + found.length;
  }
  return html`${[...pieces, text.slice(at)]}`;
}

const exponent = (found: string): string =>
  found
    .slice(1)
    .replace(/^\((.*)\)$/, '$1')
    .replace(/^-/, '−');

const lowered = (found: string): TemplateResult => html`<sub>${found.replace('_', '')}</sub>`;

function indexed(text: string): TemplateResult {
  const [base, index] = text.split('_');
  return index === undefined ? html`${base}` : html`${base}<sub>${index}</sub>`;
}
