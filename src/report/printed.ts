import { INSTEAD } from '../experiment/expected.ts';
import type { Expected, Panel } from '../experiment/experiment.ts';
import type { CellResult, PanelResult } from '../experiment/results.ts';
import { FEWEST_TRIALS, STANDARD_ERRORS } from './verdict.ts';

/** `not tested`: the file says that the print does not hold, but neither it nor a theory says what does. */
export type PrintedVerdict =
  | 'agrees'
  | 'disagrees'
  | 'misprint'
  | 'settings unknown'
  | 'not tested'
  | 'no mean'
  | 'too few trials';

/** One printed value beside what was simulated in its place. */
export interface PrintedCheck extends Pick<Expected, 'value' | 'within' | 'misprint' | 'unsettled' | 'instead'> {
  readonly panel: string;
  readonly at: CellResult['at'];
  readonly trials: number;
  readonly mean: number;
  readonly sem: number;
  /** Theory as the results store it; whether it is right is another check. */
  readonly theory: number | null;
  readonly verdict: PrintedVerdict;
}

/** Holds the values printed in the publication against the simulation. */
export function checkPrinted(panels: readonly Panel[], results: readonly PanelResult[]): readonly PrintedCheck[] {
  return panels.flatMap((panel) => {
    const { cells } = results.find(({ name }) => name === panel.name)!;
    return (panel.expected ?? []).map((expected) => besideCell(panel.name, expected, cells[expected.cell]!));
  });
}

function besideCell(panel: string, expected: Expected, cell: CellResult): PrintedCheck {
  const { cell: _, ...declared } = expected;
  const { at, trials, mean, sem } = cell;
  const verdict = verdictOf(expected, cell);
  return { panel, at, ...declared, trials, mean, sem, theory: cell.theory?.value ?? null, verdict };
}

/** A declared value must be what the declaration says; then it agrees with the print too, or does not, as was declared. */
function verdictOf(expected: Expected, cell: CellResult): PrintedVerdict {
  const { value, within, misprint, unsettled, instead } = expected;
  if (cell.trials < FEWEST_TRIALS) return 'too few trials';
  if (!Number.isFinite(cell.mean)) return 'no mean';
  if (instead !== undefined && !holds(instead, cell)) return 'disagrees';
  if (near(cell, value, within)) return 'agrees';
  if (misprint === undefined && unsettled === undefined) return 'disagrees';
  // Without `instead` the theory is what holds, and the verdict on the cell says whether it does.
  if (instead === undefined && cell.theory === null) return 'not tested';
  return misprint === undefined ? 'settings unknown' : 'misprint';
}

function holds(instead: NonNullable<Expected['instead']>, cell: CellResult): boolean {
  if (typeof instead === 'number') return near(cell, instead, INSTEAD);
  const [low, high] = instead;
  const reach = STANDARD_ERRORS * cell.sem;
  return cell.mean >= low - reach && cell.mean <= high + reach;
}

function near({ mean, sem }: CellResult, value: number, within: number): boolean {
  return Math.abs(mean - value) <= within * value + STANDARD_ERRORS * sem;
}
