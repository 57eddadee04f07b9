/**
 * `node docs/sensitivity.mjs [FOLDER...]`: takes from results (default: all in results/papers/) how far single trials of every cell scatter,
 * relative to its theory, into docs/sensitivity.json, and writes to docs/papers.md by how much theory could be wrong, at the trials that
 * the experiment files ask for, before the check of a cell failed. Files of which there are no results
 * keep their lines.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';

const root = join(import.meta.dirname, '..');
const store = join(root, 'docs', 'sensitivity.json');
const page = join(root, 'docs', 'papers.md');
const STANDARD_ERRORS = 4;
const NOTICED = 0.05;
const ROUNDING = 1e-5;

const papers = join(root, 'results', 'papers');
const given = process.argv.slice(2);
const folders = given.length > 0 ? given : readdirSync(papers).map((name) => join(papers, name));

/** JSON of the command, which ends with 1 where a check fails. */
function collapse(...args) {
  const command = join(root, 'dist', 'cli', 'collapse.js');
  const { stdout, stderr } = spawnSync(process.execPath, [command, ...args], { encoding: 'utf8', maxBuffer: 2 ** 28 });
  if (stdout === '') throw new Error(`collapse ${args.join(' ')}: ${stderr}`);
  return JSON.parse(stdout);
}

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

/** What theory says of the cells of a file, each followed by its terms, beside how trials scatter. */
function checksOf(name) {
  const places = new Map();
  return collapse('theory', name, '--json').flatMap(({ panel, trials, theory, allowance, deviation = 0, terms = {} }) =>
    [{ value: theory, allowance, deviation, whole: 0 }, ...Object.values(terms)].map((check) => {
      const place = places.get(panel) ?? 0;
      places.set(panel, place + 1);
      // Rounding of a term is that of the whole error besides its own.
      return { whole: theory, ...check, trials, sd: known[name][panel]?.[place] ?? null };
    }),
  );
}

/** What stands on the page of a file: trials, cells that are judged, and how wrong theory could be. */
function row(name) {
  // JSON has null for an infinite allowance.
  const judged = checksOf(name).flatMap(({ value, allowance, deviation = 0, whole, trials, sd }) => {
    if (value === null || allowance === null || sd === null || allowance >= Math.abs(value)) return [];
    const chance = (STANDARD_ERRORS * Math.max(sd, deviation / Math.abs(value))) / Math.sqrt(trials);
    return [{ trials, chance, size: chance + allowance / Math.abs(value) + ROUNDING * (1 + whole / Math.abs(value)) }];
  });
  const sizes = judged.map(({ size }) => size).sort((a, b) => a - b);
  const middle = (sizes.length - 1) / 2;
  const blind = judged.filter(({ size }) => size >= NOTICED);
  const byFormula = blind.filter(({ size, chance }) => size > 2 * chance).length;
  const why = blind.length === 0 ? '' : byFormula === 0 ? 'trials' : `trials; allowance in ${byFormula}`;
  const median = (sizes[Math.floor(middle)] + sizes[Math.ceil(middle)]) / 2;
  return [
    `\`${name}\``,
    [...new Set(judged.map(({ trials }) => trials))].join(', '),
    sizes.length,
    percent(median),
    percent(sizes.at(-1)),
    blind.length,
    why,
  ];
}

const percent = (share) => `${Number((100 * share).toPrecision(2))} %`;
const head = ['file', 'trials', 'judged', 'median', 'worst', 'blind to 5 %', 'because of'];
const text = readFileSync(page, 'utf8');
const [begin, end] = ['<!-- begin sensitivity -->', '<!-- end sensitivity -->'].map((mark) => text.indexOf(mark));
const lineOf = (cells) => `| ${cells.join(' | ')} |`;
const standing = text.slice(begin, end).split('\n');
const taken = folders.map((folder) => basename(folder));
const lines = names.map(
  (name) => (!taken.includes(name) && standing.find((line) => line.startsWith(`| \`${name}\` |`))) || lineOf(row(name)),
);
const table = [lineOf(head), lineOf(head.map(() => '---')), ...lines].join('\n');
writeFileSync(page, `${text.slice(0, begin)}<!-- begin sensitivity -->\n${table}\n${text.slice(end)}`);
