/** Tables as other programs take them, from rows of text of which the first is the head. */

export const TABLE_FORMATS = ['text', 'csv', 'markdown', 'latex'] as const;
export type TableFormat = (typeof TABLE_FORMATS)[number];

/** A line of a table of GitHub's Markdown. */
export const markdownLine = (cells: readonly string[]): string =>
  `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;

/** A table of GitHub's Markdown: the first column to the left, the others to the right. */
export function markdownTable([head = [], ...rows]: readonly (readonly string[])[]): string {
  const rule = head.map((_, column) => (column === 0 ? '---' : '---:'));
  return [head, rule, ...rows].map((row) => `${markdownLine(row)}\n`).join('');
}

/** A `tabular` with the rules of booktabs; symbols become mathematics, so it needs no other package. */
export function latexTable([head = [], ...rows]: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `${cells.map(latexText).join(' & ')} \\\\\n`;
  const columns = head.map((_, column) => (column === 0 ? 'l' : 'r')).join('');
  return [
    '% \\usepackage{booktabs}\n',
    `\\begin{tabular}{${columns}}\n\\toprule\n`,
    line(head),
    '\\midrule\n',
    ...rows.map(line),
    '\\bottomrule\n\\end{tabular}\n',
  ].join('');
}

const SYMBOLS: Readonly<Record<string, string>> = {
  ...{
    α: '\\alpha',
    β: '\\beta',
    γ: '\\gamma',
    δ: '\\delta',
    ε: '\\varepsilon',
    λ: '\\lambda',
    ξ: '\\xi',
    π: '\\pi',
    ρ: '\\rho',
  },
  ...{ σ: '\\sigma', τ: '\\tau', φ: '\\varphi', ψ: '\\psi', κ: '\\kappa', θ: '\\theta', η: '\\eta', μ: '\\mu' },
  ...{ Σ: '\\Sigma', Δ: '\\Delta', Γ: '\\Gamma', ℓ: '\\ell', '′': "'", '²': '^2', '∞': '\\infty', '±': '\\pm' },
  ...{ '₀': '_0', '₁': '_1', '₂': '_2', '₃': '_3', ₜ: '_t', ₐ: '_a' },
};

/** Letters and marks that LaTeX takes as they are; the others between dollars, runs of them together. */
export function latexText(text: string): string {
  return text
    .replace(/[\\&%$#_{}~^]/g, (mark) =>
      mark === '\\' ? '\\textbackslash{}' : mark === '~' || mark === '^' ? `\\${mark}{}` : `\\${mark}`,
    )
    .replace(/^-(?=\d)|(?<=e)-(?=\d)/g, '−')
    .replace(
      /(\d(?:\([\d.]+\))?)e([−+]?\d+)/g,
      (_, digits: string, power: string) => `${digits}$\\times 10^{${power.replace('−', '-').replace('+', '')}}$`,
    )
    .replace(/([A-Za-z])\u0302/g, '$$\\hat $1$$')
    .replace(/✓/g, 'agrees')
    .replace(/✗ ?/g, '')
    .replace(/–/g, '--')
    .replace(/−/g, '$-$')
    .replace(
      MATHEMATICS,
      (run) =>
        `$${[...run]
          .map((letter) => SYMBOLS[letter] ?? letter)
          .join(' ')
          .replaceAll(/ (?=[_^'])/g, '')}$`,
    )
    .replaceAll('$$', '');
}

/** A symbol with the Latin letter before a subscript or mark. */
const MATHEMATICS = new RegExp(`[A-Za-z]?[${Object.keys(SYMBOLS).join('')}]+|(?<![A-Za-z])[A-Za-z](?=[₀-₉ₜₐ])`, 'g');
