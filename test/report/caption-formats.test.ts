/** Plan: a caption with powers and what LaTeX would take for its own, word for word in both formats; a title that ends a sentence gets no second stop. */
import { expect, it } from 'vitest';
import { CAPTIONS } from '../../src/report/caption-formats.ts';

const TITLE = 'Collapse_1';
const CAPTION = 'T from 100 to 10^{5}: T^{−0.6}, 95 % at λ = 1; σ₀ & d.';

it('text', () => {
  expect(CAPTIONS.txt(TITLE, CAPTION)).toBe('Collapse_1. T from 100 to 10^5: T^−0.6, 95 % at λ = 1; σ₀ & d.\n');
  expect(CAPTIONS.txt('Why?', 'x')).toBe('Why? x\n');
});

it('LaTeX', () => {
  expect(CAPTIONS.tex(TITLE, CAPTION)).toBe(
    '\\caption{\\textbf{Collapse\\_1.} T from 100 to 10$^{5}$: T$^{-0.6}$, 95 \\% at $\\lambda$ = 1; $\\sigma_0$ \\& d.}\n',
  );
});
