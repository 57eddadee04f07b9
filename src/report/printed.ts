import type { Expected, Panel } from '../experiment/experiment.ts';
import type { CellResult, PanelResult } from '../experiment/results.ts';
import { FEWEST_TRIALS, STANDARD_ERRORS } from './verdict.ts';

export type PrintedVerdict = 'agrees' | 'disagrees' | 'misprint' | 'settings unknown' | 'no mean' | 'too few trials';

/** One printed value beside what was simulated in its place. */
export interface PrintedCheck extends Pick<Expected, 'value' | 'within' | 'misprint' | 'unsettled'> {
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

/** What agrees agrees, whatever was to be said for it. */
function verdictOf(
  { value, within, misprint, unsettled }: Expected,
  { mean, sem, trials }: CellResult,
): PrintedVerdict {
  if (trials < FEWEST_TRIALS) return 'too few trials';
  if (!Number.isFinite(mean)) return 'no mean';
  if (Math.abs(mean - value) <= within * value + STANDARD_ERRORS * sem) return 'agrees';
  if (misprint !== undefined) return 'misprint';
  return unsettled === undefined ? 'disagrees' : 'settings unknown';
}
