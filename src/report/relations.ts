import type { Panel, Relation } from '../experiment/experiment.ts';
import type { CellResult, PanelResult } from '../experiment/results.ts';
import { FEWEST_TRIALS, STANDARD_ERRORS } from './verdict.ts';

/** What became of a relation between cells of a run. */
export interface RelationCheck extends Pick<Relation, 'says' | 'within'> {
  readonly panel: string;
  readonly at: CellResult['at'];
  readonly mean: number;
  readonly sem: number;
  /** Of the means that it should be. */
  readonly sum: number;
  /** As of independent means; cells that share draws are nearer than that. */
  readonly sumSem: number;
  readonly verdict: 'agrees' | 'disagrees' | 'no mean' | 'too few trials';
}

/** Holds the means of cells against the sums of others that the file says they should be. */
export function checkRelations(panels: readonly Panel[], results: readonly PanelResult[]): readonly RelationCheck[] {
  const cellOf = (panel: string, cell: number) => results.find(({ name }) => name === panel)!.cells[cell]!;
  return panels.flatMap(({ name, relations = [] }) =>
    relations.map(({ cell, says, within, sum }): RelationCheck => {
      const { at, trials, mean, sem } = cellOf(name, cell);
      const terms = sum.map(({ panel, cell: other, times }) => ({ times, ...cellOf(panel, other) }));
      const total = terms.reduce((all, term) => all + term.times * term.mean, 0);
      const spread = Math.hypot(...terms.map((term) => term.times * term.sem));
      const tolerance = within * Math.abs(total) + STANDARD_ERRORS * Math.hypot(sem, spread);
      const fewest = Math.min(trials, ...terms.map((term) => term.trials));
      const verdict = verdictOf(fewest, Math.abs(mean - total), tolerance);
      return { panel: name, at, says, within, mean, sem, sum: total, sumSem: spread, verdict };
    }),
  );
}

function verdictOf(fewest: number, off: number, tolerance: number): RelationCheck['verdict'] {
  if (fewest < FEWEST_TRIALS) return 'too few trials';
  if (!Number.isFinite(off)) return 'no mean';
  return off <= tolerance ? 'agrees' : 'disagrees';
}
