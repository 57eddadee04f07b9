/**
 * `npm run papers [NAME...]`: runs the experiment files of docs/papers.md (those named, those of a part that is named, else
 * all), holds them against theory and print, and writes pictures to docs/figures/ and verdicts between the markers of that
 * page. What is not run stays as it is. Two files are worked on at a time, and wall time is that of a file beside another.
 * `npm run papers -- --keep [NAME...]` takes the results that are there and only checks, draws and writes.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';

const PAPERS = {
  regression: [
    'demystified-fig1',
    'demystified-fig2',
    'demystified-fig3a',
    'demystified-fig3b',
    'demystified-fig5',
    'demystified-thm41',
    'growing',
    'demystified-overparametrised',
    'demystified-dimension',
  ],
  strong: [
    'strong-fig1',
    'strong-fig2',
    'strong-fig3',
    'strong-fig4',
    'strong-fig5',
    'strong-fig6',
    'strong-fig7',
    'strong-fig7-right',
    'strong-fig9',
    'strong-fig10',
    'golden-ratio',
  ],
  rounds: ['accumulate', 'accumulate-subsample'],
  tails: readdirSync(join(import.meta.dirname, '..', 'experiments'))
    .filter((file) => file.startsWith('tails-'))
    .map((file) => file.replace('.json5', ''))
    .sort((a, b) => a.localeCompare(b, 'en', { numeric: true })),
};

const root = join(import.meta.dirname, '..');
const page = join(root, 'docs', 'papers.md');
const figures = join(root, 'docs', 'figures');
const resultsOf = (name) => join(root, 'results', 'papers', name);
/** A column of 3.25 in. */
const WIDTH = 'icml';
const command = join(root, 'dist', 'cli', 'collapse.js');

/** Standard output of the command, and the processor time it took in seconds; `check` may end with 1. */
async function collapse(...args) {
  const script = '"$0" "$@"; code=$?; times; exit $code';
  const child = spawn('sh', ['-c', script, process.execPath, command, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const parts = [];
  child.stdout.on('data', (part) => parts.push(part));
  const [status] = await once(child, 'close');
  if (status !== 0 && !(status === 1 && args[0] === 'check')) throw new Error(`collapse ${args.join(' ')}: ${status}`);
  const lines = Buffer.concat(parts).toString('utf8').trimEnd().split('\n');
  return { text: lines.slice(0, -2).join('\n'), seconds: secondsOf(lines.at(-1)) };
}

/** Files that are worked on at once: between its batches a run keeps one core busy, or none. */
const AT_ONCE = Math.min(2, availableParallelism());

/** What becomes of every name, in order; the longest are begun first, so that no long one is left at the end. */
async function each(names, work) {
  const results = [];
  const seconds = secondsOnPage();
  const left = [...names.entries()].sort(([, a], [, b]) => (seconds.get(b) || 0) - (seconds.get(a) || 0));
  const worker = async () => {
    for (let next = left.shift(); next; next = left.shift()) results[next[0]] = await work(next[1]);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return results;
}

/** Wall time of every file that the page has a line of. */
function secondsOnPage() {
  const text = readFileSync(page, 'utf8');
  return new Map(
    Object.keys(PAPERS).flatMap((paper) =>
      [...rowsOnPage(partOf(text, `summary-${paper}`).content)].map(([name, [row]]) => [
        name,
        Number(row.at(-1).split(' / ')[1]),
      ]),
    ),
  );
}

/** `0m12.34s 0m1.20s`: user and system time of the children of a shell. */
function secondsOf(line) {
  return [...line.matchAll(/(\d+)m([\d.]+)s/g)].reduce(
    (sum, [, minutes, rest]) => sum + 60 * minutes + Number(rest),
    0,
  );
}

async function run(name) {
  const started = Date.now();
  const { seconds } = await collapse('run', name, '--out', resultsOf(name), '--quiet', '--width', WIDTH);
  const cost = { cpu: seconds, wall: (Date.now() - started) / 1000 };
  writeFileSync(join(resultsOf(name), 'cost.json'), JSON.stringify(cost));
}

async function read(name) {
  const folder = resultsOf(name);
  const cost = join(folder, 'cost.json');
  return {
    name,
    results: JSON.parse(readFileSync(join(folder, 'results.json'), 'utf8')),
    report: JSON.parse((await collapse('check', folder, '--json')).text),
    cost: existsSync(cost) ? JSON.parse(readFileSync(cost, 'utf8')) : null,
  };
}

/** Takes over the pictures of a run, SVG only; those of an earlier one are drawn anew. */
async function draw(name) {
  mkdirSync(figures, { recursive: true });
  const folder = resultsOf(name);
  if (keep) await collapse('draw', folder, '--width', WIDTH);
  const { panels } = JSON.parse(readFileSync(join(folder, 'results.json'), 'utf8'));
  for (const panel of panels) {
    const drawn = join(folder, `${panel.name}.svg`);
    // A panel of one cell has no figure.
    if (existsSync(drawn)) copyFileSync(drawn, join(figures, `${name}-${panel.name}.svg`));
  }
}

const percent = (share) => `${Number((100 * share).toPrecision(2))} %`;
const largest = (values) => (values.length === 0 ? null : Math.max(...values.map(Math.abs)));
const cellText = (value) => (value === null ? '–' : value);
const table = (head, rows) =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.map(cellText).join(' | ')} |`).join('\n');

function inWords({ counts, of }) {
  const parts = Object.entries(counts);
  if (parts.length === 1 && parts[0][0] === 'agrees') return `agrees (${of})`;
  return parts.map(([verdict, count]) => `${count} ${verdict}`).join(', ');
}

/** One line for each panel of a run. */
function summaryRows({ name, results, report, cost }) {
  return report.panels.map(({ panel, theory, printed }, i) => {
    const cells = report.cells.filter((cell) => cell.panel === panel);
    const read = report.printed.filter(
      (one) => one.panel === panel && !['misprint', 'settings unknown'].includes(one.verdict),
    );
    const measured = results.panels.find((one) => one.name === panel).cells;
    const off = largest(read.filter(({ value }) => value > 0).map(({ mean, value }) => mean / value - 1));
    return [
      i === 0 ? `\`${name}\`` : '',
      panel,
      [...new Set(measured.map(({ sampler }) => sampler))].join(', '),
      measured[0].trials,
      inWords(theory),
      largest(cells.filter(({ z, verdict }) => z !== null && verdict === 'agrees').map(({ z }) => z))?.toFixed(1) ??
        null,
      printed === null ? null : inWords(printed),
      off === null ? null : percent(off),
      i > 0 || cost === null ? '' : `${cost.cpu.toFixed(0)} / ${cost.wall.toFixed(0)}`,
    ].map(cellText);
  });
}

/** The lines of a table that stand on the page, by the file that they begin with. */
function rowsOnPage(content) {
  const rows = new Map();
  let last = null;
  for (const line of content.trim().split('\n').slice(2)) {
    const cells = line
      .slice(2, -2)
      .split(' | ')
      .map((text) => text.trim());
    last = cells[0].replaceAll('`', '') || last;
    rows.set(last, [...(rows.get(last) ?? []), cells]);
  }
  return rows;
}

/** The summary of a paper, with the lines of these runs in place of those that stand there. */
function summary(paper, runs, content) {
  const known = rowsOnPage(content);
  for (const one of runs) if (PAPERS[paper].includes(one.name)) known.set(one.name, summaryRows(one));
  const rows = PAPERS[paper].flatMap((name) => known.get(name) ?? []);
  const costs = rows.map((row) => row.at(-1).split(' / ').map(Number)).filter((cost) => cost.length === 2);
  const sum = (i) => costs.reduce((total, cost) => total + cost[i], 0);
  const head = ['file', 'panel', 'sampler', 'trials', 'theory', 'largest z', 'printed', 'off by', 'CPU / wall, s'];
  return table(head, [...rows, ['all', '', '', '', '', '', '', '', `${sum(0)} / ${sum(1)}`]]);
}

const placeText = (at) =>
  Object.entries(at)
    .map(([path, value]) => `${path.split('.').at(-1)} ${Number(value.toPrecision(3))}`)
    .join(', ');

/** Every value of the publication beside simulation and theory. */
function printedTable(printed) {
  const digits = (value) => (value === null ? null : String(Number(value.toPrecision(4))));
  const rows = printed.map(({ panel, at, value, within, mean, sem, theory, verdict }) => [
    panel,
    placeText(at),
    value,
    percent(within),
    `${digits(mean)} ± ${Number((1.96 * sem).toPrecision(2))}`,
    digits(theory),
    verdict,
  ]);
  return table(['panel', 'where', 'printed', 'read to', 'simulated', 'theory', 'verdict'], rows);
}

/** How far the simulation is from the formula as printed and from the corrected one, against the dimension. */
function gapTable({ report, results }) {
  const dimensions = [...new Set(report.cells.map(({ at }) => at.dimension))].sort((a, b) => a - b);
  const mean = (cell) =>
    results.panels.find(({ name }) => name === cell.panel).cells.find(({ at }) => equal(at, cell.at));
  const lines = new Map();
  for (const cell of report.cells) {
    const key = `${cell.panel}, n = ${cell.at.generations}`;
    const { value, leading } = cell.prediction;
    const measured = mean(cell);
    const signed = (share) => (100 * share).toFixed(1).replace('-', '−');
    const off = `${signed(measured.mean / leading - 1)} / ${signed(measured.mean / value - 1)} ± ${((100 * measured.sem) / value).toFixed(1)}`;
    lines.set(key, { ...lines.get(key), [cell.at.dimension]: off });
  }
  const rows = [...lines].map(([key, offs]) => [key, ...dimensions.map((d) => offs[d] ?? null)]);
  return table(['panel', ...dimensions.map((d) => `d = ${d}`)], rows);
}

const equal = (a, b) => Object.keys(a).every((key) => a[key] === b[key]);

function block(one) {
  const pictures = one.report.panels
    .filter(({ panel }) => existsSync(join(figures, `${one.name}-${panel}.svg`)))
    .map(({ panel }) => `![${one.name}, ${panel}](figures/${one.name}-${panel}.svg)`);
  const parts = [pictures.join('\n')];
  if (one.report.printed.length > 0) parts.push(printedTable(one.report.printed));
  if (one.name === 'demystified-dimension') parts.push(gapTable(one));
  return parts.join('\n\n');
}

/** What stands between the markers of a name. */
function partOf(text, name) {
  const [begin, end] = [`<!-- begin ${name} -->`, `<!-- end ${name} -->`];
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`docs/papers.md has no place for ${name}`);
  return {
    before: text.slice(0, from + begin.length),
    content: text.slice(from + begin.length, to),
    after: text.slice(to),
  };
}

function between(text, name, content) {
  const { before, after } = partOf(text, name);
  return `${before}\n${content}\n${after}`;
}

const args = process.argv.slice(2);
const keep = args.includes('--keep');
const asked = args.filter((arg) => arg !== '--keep').flatMap((name) => PAPERS[name] ?? [name]);
const all = Object.values(PAPERS).flat();
const names =
  asked.length > 0 ? asked : all.filter((name) => !keep || existsSync(join(resultsOf(name), 'results.json')));
const runs = await each(names, async (name) => {
  if (!keep) await run(name);
  await draw(name);
  return read(name);
});
const blocks = runs.reduce((text, one) => between(text, one.name, block(one)), readFileSync(page, 'utf8'));
const summaries = Object.keys(PAPERS).reduce(
  (text, paper) => between(text, `summary-${paper}`, summary(paper, runs, partOf(text, `summary-${paper}`).content)),
  blocks,
);
writeFileSync(page, summaries);
for (const { name, report } of runs) if (!report.ok) process.stderr.write(`${name}: FAIL\n`);
process.exitCode = runs.every(({ report }) => report.ok) ? 0 : 1;
