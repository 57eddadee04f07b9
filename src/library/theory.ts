import { type Experiment, TERMS, type Term } from '../experiment/experiment.ts';
import { regimes } from '../regimes/index.ts';
import { scalingPredictor } from '../regimes/predict.ts';
import { predictedFits } from '../report/fit-check.ts';
import { crossoverLines, fitTable } from '../report/fit-words.ts';
import type { PredictedTerm } from '../theory/prediction.ts';

export interface TheoryRow {
  readonly panel: string;
  readonly at: Readonly<Record<string, number>>;
  /** What the file asks for. */
  readonly trials: number;
  readonly theory: number | null;
  /** Distance from the true mean that the formula admits; 0 where it is exact at finite size. */
  readonly allowance: number | null;
  /** Standard deviation of a trial, or a bound above it; absent where the law has no rare events. */
  readonly deviation?: number;
  readonly source: string | null;
  /** The parts it is the sum of; absent where the figure of the panel asks for none of them. */
  readonly terms?: Readonly<Record<Term, PredictedTerm>>;
  /** Why there is no number, where there is none. */
  readonly reason: string | null;
}

/** What the theorems say of every cell, without any simulation. */
export function theoryRows(experiment: Experiment): readonly TheoryRow[] {
  return experiment.panels.flatMap((panel) =>
    panel.cells.map((cell): TheoryRow => {
      const prediction = regimes.get(panel.regime)!.theory(cell.parameters);
      const at = { panel: panel.name, at: cell.at, trials: panel.trials };
      if (prediction?.kind === 'value') {
        const { value, allowance, deviation, source, terms } = prediction;
        const parts = panel.y && terms ? { terms } : {};
        const rare = deviation === undefined ? {} : { deviation };
        return { ...at, theory: value, allowance, ...rare, source, ...parts, reason: null };
      }
      return {
        ...at,
        theory: null,
        allowance: null,
        source: null,
        reason: prediction?.reason ?? 'no theorem covers it',
      };
    }),
  );
}

/** Exponents and crossovers by theory alone, as text; empty where the file asks for none. */
export function exponentsText({ panels }: Experiment): string {
  const fits = predictedFits(panels, (panel) => scalingPredictor(panel, regimes));
  return fits.length === 0 ? '' : `\n\n${fitTable(fits)}${crossoverLines(fits).join('\n')}`;
}

export function theoryText(rows: readonly TheoryRow[]): string {
  return rows
    .map(({ panel, at, theory, allowance, source, terms, reason }) => {
      const place = Object.entries(at).map(([path, value]) => `${path}=${Number(value.toPrecision(6))}`);
      const value =
        theory === null
          ? `— (${reason})`
          : `${within({ value: theory, allowance: allowance! })}${terms ? partsText(terms) : ''}  ${source}`;
      return `${panel}  ${place.join(' ')}  ${value}`;
    })
    .join('\n');
}

const within = ({ value, allowance }: PredictedTerm) =>
  `${value.toPrecision(6)} ± ${allowance === Number.POSITIVE_INFINITY ? '∞' : allowance.toPrecision(2)}`;

const partsText = (terms: Readonly<Record<Term, PredictedTerm>>) =>
  ` = ${TERMS.map((term) => `${term} ${within(terms[term])}`).join(' + ')}`;
