import { expect, it } from 'vitest';
import { experimentKeys } from '../../src/library/keys.ts';
import { labelOf } from '../../src/report/labels.ts';
import { latexTable, latexText, markdownTable } from '../../src/report/table-formats.ts';

/*
 * Plan: tables for other programs, word for word.
 * - Markdown: numbers to the right, bars in cells escaped
 * - LaTeX: symbols and powers are mathematics, marks are words, what LaTeX would take for its own is escaped
 * - no symbol of any key has a letter that pdflatex does not know
 */

const rows = [
  ['panel', 'T₀', 'λ', 'σ₀', 'mean (SE)', 'z', 'verdict'],
  ['ridge_1', '200', '1e-3', '0.1', '1.234(56)e-7', '-1.3', '✓'],
  ['a|b 5%', '', '–', '', '8.3(1.0)e-9', '–', '✗ disagrees'],
];

it('Markdown', () => {
  expect(markdownTable(rows)).toBe(
    '| panel | T₀ | λ | σ₀ | mean (SE) | z | verdict |\n| --- | ---: | ---: | ---: | ---: | ---: | ---: |\n' +
      '| ridge_1 | 200 | 1e-3 | 0.1 | 1.234(56)e-7 | -1.3 | ✓ |\n| a\\|b 5% |  | – |  | 8.3(1.0)e-9 | – | ✗ disagrees |\n',
  );
});

it('LaTeX', () => {
  expect(latexTable(rows).split('\n')).toEqual([
    '% \\usepackage{booktabs}',
    '\\begin{tabular}{lrrrrrr}',
    '\\toprule',
    'panel & $T_0$ & $\\lambda$ & $\\sigma_0$ & mean (SE) & z & verdict \\\\',
    '\\midrule',
    'ridge\\_1 & 200 & 1$\\times 10^{-3}$ & 0.1 & 1.234(56)$\\times 10^{-7}$ & $-$1.3 & agrees \\\\',
    'a|b 5\\% &  & -- &  & 8.3(1.0)$\\times 10^{-9}$ & -- & disagrees \\\\',
    '\\bottomrule',
    '\\end{tabular}',
    '',
  ]);
});

it('LaTeX knows every symbol', () => {
  const symbols = experimentKeys().flatMap(({ path, symbol }) => [symbol, labelOf(path).symbol]);
  const set = [...new Set(symbols)].map((symbol) => [symbol, latexText(symbol)]);
  expect(set.length).toBeGreaterThan(60);
  expect(set.filter(([, text]) => !/^[\x20-\x7e]*$/.test(text!))).toEqual([]);
  expect(set).toContainEqual(['n\u0302', '$\\hat n$']);
  expect(set).toContainEqual(['ε₀', '$\\varepsilon_0$']);
});
