/**
 * `node docs/sensitivity.mjs [FOLDER...]`: takes from results (default: all in results/papers/) how far single trials of every cell scatter,
 * relative to its theory, into docs/sensitivity.json, and writes to docs/papers.md by how much theory could be wrong, at the trials that
 * the experiment files ask for, before the check of a cell failed: of every file whose scatter is known, by the checker of today.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { runnerImport } from 'vite';

const root = join(import.meta.dirname, '..');
const store = join(root, 'docs', 'sensitivity.json');
const page = join(root, 'docs', 'papers.md');

const papers = join(root, 'results', 'papers');
const given = process.argv.slice(2);
const folders = given.length > 0 ? given : readdirSync(papers).map((name) => join(papers, name));

/** A module of the sources: the checker itself says what it would notice. */
const source = async (path) => (await runnerImport(join(root, path), { root, configFile: false })).module;
const { NOTICED } = await source('src/report/sensitivity.ts');
const { quantile } = await source('src/statistics/quantiles.ts');
const { toleratedIn } = await source('test/support/scatter.ts');

/** Relative standard deviations of the cells of a panel, each followed by its terms; null where theory gives no value. */
const spreadOf = ({ cells }) => cells.flatMap((cell) => [cell, ...Object.values(cell.terms ?? {})].map(spread));
const spread = ({ theory, sd }) =>
  theory === null || sd === null || theory.value === 0 ? null : Number((sd / Math.abs(theory.value)).toPrecision(3));

const known = existsSync(store) ? JSON.parse(readFileSync(store, 'utf8')) : {};
for (const folder of folders) {
  const { panels } = JSON.parse(readFileSync(join(folder, 'results.json'), 'utf8'));
  const spreads = Object.fromEntries(panels.map((panel) => [panel.name, spreadOf(panel)]));
  if (
    Object.values(spreads)
      .flat()
      .some((one) => one !== null)
  )
    known[basename(folder)] = spreads;
}
const names = Object.keys(known).sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
const entries = names.map((name) => {
  const panels = Object.entries(known[name]).map(
    ([panel, list]) => `    ${JSON.stringify(panel)}: ${JSON.stringify(list)}`,
  );
  return `  ${JSON.stringify(name)}: {\n${panels.join(',\n')}\n  }`;
});
writeFileSync(store, `{\n${entries.join(',\n')}\n}\n`);

/** What stands on the page of a file: trials, cells that are judged, and how wrong theory could be. */
function row(name) {
  const judged = toleratedIn(readFileSync(join(root, 'experiments', `${name}.json5`), 'utf8'), known[name]);
  const sizes = judged.map(({ size }) => size);
  const blind = judged.filter(({ size }) => size >= NOTICED);
  const byFormula = blind.filter(({ size, chance }) => size > 2 * chance).length;
  const why = blind.length === 0 ? '' : byFormula === 0 ? 'trials' : `trials; allowance in ${byFormula}`;
  return [
    `\`${name}\``,
    [...new Set(judged.map(({ trials }) => trials))].join(', '),
    sizes.length,
    percent(quantile(sizes, 0.5)),
    percent(Math.max(...sizes)),
    blind.length,
    why,
  ];
}

const percent = (share) => `${Number((100 * share).toPrecision(2))} %`;
const head = ['file', 'trials', 'judged', 'median', 'worst', 'blind to 5 %', 'because of'];
const text = readFileSync(page, 'utf8');
const [begin, end] = ['<!-- begin sensitivity -->', '<!-- end sensitivity -->'].map((mark) => text.indexOf(mark));
const lineOf = (cells) => `| ${cells.join(' | ')} |`;
const lines = names.map((name) => lineOf(row(name)));
const table = [lineOf(head), lineOf(head.map(() => '---')), ...lines].join('\n');
writeFileSync(page, `${text.slice(0, begin)}<!-- begin sensitivity -->\n${table}\n${text.slice(end)}`);
