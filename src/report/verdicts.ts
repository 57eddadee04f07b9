import type { CheckReport } from './check.ts';
import { type FitCheck, isBad } from './fit-check.ts';
import type { PrintedCheck, PrintedVerdict } from './printed.ts';
import type { RelationCheck } from './relations.ts';
import type { Verdict } from './verdict.ts';

/** What all cells of a panel say together. */
export interface PanelVerdict {
  readonly panel: string;
  readonly theory: Tally<Verdict | 'contradicts itself'>;
  /** null where the file gives no printed values. */
  readonly printed: Tally<PrintedVerdict> | null;
}

/** How many cells have which verdict, and the worst of them. */
export interface Tally<V extends string> {
  readonly verdict: V;
  readonly counts: Readonly<Partial<Record<V, number>>>;
  readonly of: number;
}

/** Everything `collapse check` has to say. */
export interface FullReport extends CheckReport {
  readonly panels: readonly PanelVerdict[];
  readonly printed: readonly PrintedCheck[];
  readonly fits: readonly FitCheck[];
  readonly relations: readonly RelationCheck[];
}

/** The worst first: one cell that disagrees is more than all those that agree. */
const THEORY = [
  'contradicts itself',
  'disagrees',
  'all failed',
  'most failed',
  'theory fault',
  'censored',
  'agrees',
  'too noisy',
  'heavy tail',
  'below rounding',
  'too few trials',
  'no theory',
  'no mean',
] as const satisfies readonly (Verdict | 'contradicts itself')[];
const PRINTED = [
  'disagrees',
  'not tested',
  'misprint',
  'settings unknown',
  'agrees',
  'too few trials',
  'no mean',
] as const;

/** All checks together; it fails if any does. */
export function fullReport(
  { ok, cells }: CheckReport,
  printed: readonly PrintedCheck[],
  fits: readonly FitCheck[] = [],
  relations: readonly RelationCheck[] = [],
): FullReport {
  const names = [...new Set(cells.map(({ panel }) => panel))];
  const panels = names.map((panel): PanelVerdict => {
    const own = cells.filter((cell) => cell.panel === panel);
    const read = printed.filter((one) => one.panel === panel);
    return {
      panel,
      theory: tallyOf(
        own.map(({ verdict, inconsistencies }) => (inconsistencies.length > 0 ? 'contradicts itself' : verdict)),
        THEORY,
      ),
      printed:
        read.length === 0
          ? null
          : tallyOf(
              read.map(({ verdict }) => verdict),
              PRINTED,
            ),
    };
  });
  const bad =
    [...printed, ...relations].some(({ verdict }) => verdict === 'disagrees') ||
    fits.some((one) => isBad(one.slope) || isBad(one.crossover));
  return { ok: ok && !bad, panels, cells, printed, fits, relations };
}

function tallyOf<V extends string>(verdicts: readonly V[], worstFirst: readonly V[]): Tally<V> {
  const counts: Partial<Record<V, number>> = {};
  for (const verdict of verdicts) counts[verdict] = (counts[verdict] ?? 0) + 1;
  return { verdict: worstFirst.find((verdict) => verdict in counts)!, counts, of: verdicts.length };
}

/** `ridge: theory 40 of 40 agree; printed 6 of 7 agree, 1 misprint`, one line for each panel. */
export function verdictLines({ panels }: FullReport): readonly string[] {
  return panels.map(({ panel, theory, printed }) => {
    const read = printed === null ? '' : `; printed: ${inWords(printed)}`;
    return `${panel}: theory: ${inWords(theory)}${read}`;
  });
}

/**
 * How the whole check came out, in one line. What only print agrees with is said to be so, and likewise what is only known to be as the
 * file declares it instead of the print.
 */
export function verdictLine({ ok, cells, printed }: FullReport): string {
  const agree = (all: readonly { readonly verdict: string }[]) => all.some(({ verdict }) => verdict === 'agrees');
  const theory = `${countsInWords(cells.map(({ verdict }) => verdict))} of ${cells.length} cells.`;
  if (!ok) return `FAIL: ${theory}`;
  if (agree(cells)) return `PASS: ${theory}`;
  if (!agree(printed) && !printed.some(isAsDeclared)) return `NOT JUDGED: ${theory}`;
  const by = agree(printed) ? 'print' : 'declared values';
  const read = countsInWords(printed.map(({ verdict }) => verdict));
  return `PASS by ${by} alone: ${read} of ${printed.length} printed values. By theory nothing is judged: ${theory}`;
}

/** Held against what the file says in place of the print; had it not been that, it would disagree. */
function isAsDeclared({ verdict, instead }: PrintedCheck): boolean {
  return instead !== undefined && (verdict === 'misprint' || verdict === 'settings unknown');
}

/** Why cells are not judged, or judged by their medians: each reason once, with its number of cells. */
export function reasonLines({ cells }: Pick<FullReport, 'cells'>): readonly string[] {
  const counts = new Map<string, number>();
  for (const { verdict, by, reason } of cells) {
    if (reason === null || verdict === 'no mean') continue;
    const head = by === 'median' ? 'judged by the median' : `not judged, ${verdict}`;
    const line = `${head}: ${reason}`;
    counts.set(line, (counts.get(line) ?? 0) + 1);
  }
  return [...counts].map(([line, count]) => `${count} ${count === 1 ? 'cell' : 'cells'} ${line}.`);
}

function countsInWords(verdicts: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const verdict of verdicts) counts.set(verdict, (counts.get(verdict) ?? 0) + 1);
  return [...counts].map(([verdict, count]) => `${count} ${verdict}`).join(', ');
}

function inWords<V extends string>({ counts, of }: Tally<V>): string {
  const parts = Object.entries<number | undefined>(counts).map(([verdict, count]) => `${count} ${verdict}`);
  return `${parts.join(', ')} of ${of}`;
}
