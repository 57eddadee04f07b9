import { halfWidthOf } from '../statistics/difference.ts';
import { plain, uncertain } from '../statistics/uncertain.ts';
import { axisPaths, type Field } from './columns.ts';
import { type ComparedCell, type Comparison, isJudged } from './comparison.ts';
import { csvText } from './csv.ts';
import { labelOf } from './labels.ts';
import { placeFields } from './table.ts';

const MARKS: Readonly<Record<ComparedCell['verdict'], string>> = {
  agree: '✓',
  differ: '✗ differ',
  equal: 'equal',
  'below rounding': 'below rounding',
  'too few trials': 'too few trials',
  'no mean': 'no mean',
  'heavy tail': 'heavy tail',
  'trials missing': 'trials missing',
};

/** Rows of a table of two runs, the first its head: both means with one standard error, A less B, its 95 % interval and z. */
export function comparisonRows(cells: readonly ComparedCell[]): readonly (readonly string[])[] {
  const paths = axisPaths(cells);
  const apart = cells.some(({ term }) => term !== null);
  const heads = ['panel', ...(apart ? ['part'] : []), ...paths.map((path) => labelOf(path).symbol)];
  const rows = cells.map((cell) => {
    const { panel, term, a, b, difference, by, pairs, verdict } = cell;
    return [
      panel,
      ...(apart ? [term ?? 'error'] : []),
      ...placeFields(cell, paths),
      uncertain(a.mean, a.sem),
      uncertain(b.mean, b.sem),
      uncertain(difference.value, difference.error),
      intervalText(cell),
      zText(cell),
      pairs === null ? by : `${pairs} pairs`,
      MARKS[verdict],
    ];
  });
  return [[...heads, 'A (SE)', 'B (SE)', 'A − B (SE)', '95 %', 'z', 'by', 'verdict'], ...rows];
}

function intervalText({ difference }: ComparedCell): string {
  const half = halfWidthOf(difference);
  return Number.isNaN(half) ? '–' : `[${plain(difference.value - half)}, ${plain(difference.value + half)}]`;
}

function zText({ difference: { value, error } }: ComparedCell): string {
  return error > 0 ? (value / error).toFixed(1) : '–';
}

/** The same in full double precision, a line for each cell (RFC 4180). */
export function comparisonCsv(cells: readonly ComparedCell[]): string {
  const paths = axisPaths(cells);
  const columns: readonly (readonly [string, (cell: ComparedCell) => Field])[] = [
    ['panel', ({ panel }) => panel],
    ['part', ({ term }) => term ?? 'error'],
    ...paths.map((path) => [path, ({ at }: ComparedCell) => at[path] ?? null] as const),
    ['mean_a', ({ a }) => a.mean],
    ['sem_a', ({ a }) => a.sem],
    ['trials_a', ({ a }) => a.trials],
    ['mean_b', ({ b }) => b.mean],
    ['sem_b', ({ b }) => b.sem],
    ['trials_b', ({ b }) => b.trials],
    ['difference', ({ difference }) => difference.value],
    ['sem', ({ difference }) => difference.error],
    ['freedom', ({ difference }) => difference.freedom],
    ['low', ({ difference }) => difference.value - halfWidthOf(difference)],
    ['high', ({ difference }) => difference.value + halfWidthOf(difference)],
    ['z', ({ difference }) => difference.value / difference.error],
    ['by', ({ by }) => by],
    ['pairs', ({ pairs }) => pairs],
    ['verdict', ({ verdict }) => verdict],
  ];
  return csvText([columns.map(([name]) => name), ...cells.map((cell) => columns.map(([, value]) => value(cell)))]);
}

/** Cells that only one run has, named up to this many. */
const MOST_NAMED = 4;

/** What is to be said beside the table: how the means were held against each other, and what is in one run alone. */
export function comparisonNotes({ cells, onlyInA, onlyInB }: Comparison, sameSeed: boolean): readonly string[] {
  const paired = cells.filter(({ by }) => by === 'paired');
  const welch = cells.length - paired.length;
  return [
    ...(paired.length > 0
      ? [
          `Paired, ${counted(paired.length, 'cell')}: both runs have the same seed, so trials of one number share their draws; what is ` +
            'averaged is their difference, trial by trial.',
        ]
      : []),
    ...(welch > 0 && !sameSeed
      ? [`Welch, ${counted(welch, 'cell')}: the seeds differ, so the two runs are independent.`]
      : []),
    ...(welch > 0 && sameSeed
      ? [
          `Welch, ${counted(welch, 'cell')}: single trials are not in the journals of both. The seed is the same: where draws are ` +
            'common the standard error of a difference is not that of independent runs, and mostly smaller.',
        ]
      : []),
    ...onlyText('A', onlyInA),
    ...onlyText('B', onlyInB),
  ];
}

function onlyText(run: string, places: Comparison['onlyInA']): readonly string[] {
  if (places.length === 0) return [];
  const named = places.slice(0, MOST_NAMED).map((place) => {
    const paths = Object.keys(place.at);
    const at = placeFields(place, paths).map((value, i) => `${labelOf(paths[i]!).symbol} = ${value}`);
    return `${place.panel}${at.length > 0 ? ` at ${at.join(', ')}` : ''}`;
  });
  const more = places.length > MOST_NAMED ? `; and ${places.length - MOST_NAMED} more` : '';
  return [`Only in ${run}, ${counted(places.length, 'cell')}: ${named.join('; ')}${more}.`];
}

/** How the whole comparison came out, in one line. */
export function comparisonLine({ cells, level }: Comparison): string {
  const counts = new Map<string, number>();
  for (const { verdict } of cells) counts.set(verdict, (counts.get(verdict) ?? 0) + 1);
  const words = [...counts].map(([verdict, count]) => `${count} ${verdict}`).join(', ');
  const bound = `a cell differs where chance alone does that once in ${plain(1 / level)}`;
  if (cells.some(({ verdict }) => verdict === 'differ')) return `DIFFER: ${words} of ${cells.length} means; ${bound}.`;
  if (!cells.some(isJudged)) return `NOT JUDGED: ${words} of ${cells.length} means.`;
  return `AGREE: ${words} of ${cells.length} means; ${bound}.`;
}

const counted = (count: number, noun: string) => `${count} ${noun}${count === 1 ? '' : 's'}`;
