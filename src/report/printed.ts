import type { Expected, Panel } from '../experiment/experiment.ts';
import type { CellResult, PanelResult } from '../experiment/results.ts';
import { FEWEST_TRIALS, STANDARD_ERRORS } from './check.ts';

export type PrintedVerdict = 'agrees' | 'disagrees' | 'misprint' | 'no mean' | 'too few trials';

/** One printed value beside what was simulated in its place. */
export interface PrintedCheck extends Pick<Expected, 'value' | 'within' | 'misprint'> {
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
  const { value, within, misprint } = expected;
  const { at, trials, mean, sem } = cell;
  const declared = misprint === undefined ? {} : { misprint };
  const verdict = verdictOf(expected, cell);
  return { panel, at, value, within, ...declared, trials, mean, sem, theory: cell.theory?.value ?? null, verdict };
}

/** A misprint that agrees after all is no misprint. */
function verdictOf({ value, within, misprint }: Expected, { mean, sem, trials }: CellResult): PrintedVerdict {
  if (trials < FEWEST_TRIALS) return 'too few trials';
  if (!Number.isFinite(mean)) return 'no mean';
  if (Math.abs(mean - value) <= within * value + STANDARD_ERRORS * sem) return 'agrees';
  return misprint === undefined ? 'disagrees' : 'misprint';
}
