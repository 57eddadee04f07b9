import { readFileSync } from 'node:fs';
import katex from 'katex';
import type { Plugin } from 'vite';

/**
 * Sets texts with mathematics (`src/web/science/*.md`) while the page is built: the page gets HTML, and no program that sets formulas.
 * Paragraphs are parted by empty lines; `$…$` is a formula within a line, `$$…$$` one of its own, `#### …` a heading, `*…*` emphasis.
 */
export function typeset(): Plugin {
  return {
    name: 'typeset',
    enforce: 'pre',
    load(id) {
      if (/[\\/]science[\\/][\w-]+\.md$/.test(id))
        return { code: `export default ${JSON.stringify(htmlOf(readFileSync(id, 'utf8')))}`, moduleType: 'js' };
      return null;
    },
    transform(code, id) {
      // Every browser that has WebGPU reads woff2.
      if (/katex(\.min)?\.css$/.test(id))
        return { code: code.replace(/,url\([^)]*\.(?:woff|ttf)\) format\("[a-z]+"\)/g, ''), map: null };
      return null;
    },
  };
}

/** Throws where a formula cannot be set. */
export function htmlOf(text: string): string {
  return text
    .split(/\n\s*\n/)
    .map((block) => block.trim())
    .filter((block) => block !== '')
    .map(blockOf)
    .join('\n');
}

function blockOf(block: string): string {
  if (block.startsWith('#### ')) return `<h4>${lineOf(block.slice(5))}</h4>`;
  const display = /^\$\$([\s\S]*)\$\$$/.exec(block);
  if (display)
    return `<div class="formula" tabindex="0" role="group" aria-label="Formula">${formula(display[1]!, true)}</div>`;
  if (block.includes('$$')) throw new Error(`A formula of its own stands between empty lines: ${block}`);
  return `<p>${lineOf(block.replaceAll('\n', ' '))}</p>`;
}

function lineOf(text: string): string {
  return text
    .split('$')
    .map((part, i) => (i % 2 === 1 ? formula(part, false) : escaped(part).replace(/\*([^*]+)\*/g, '<em>$1</em>')))
    .join('');
}

const formula = (tex: string, displayMode: boolean): string =>
  katex.renderToString(tex.trim(), { displayMode, throwOnError: true, strict: 'error', output: 'htmlAndMathml' });

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
