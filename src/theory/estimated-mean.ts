import { type ClassProblem, classPrediction } from './classes.ts';
import type { Prediction } from './prediction.ts';

/**
 * `classPrediction` where some rows have the mean of n-hat others, which stands in the last coordinate of their means as sqrt((d - 1)/n-hat). The estimate
 * scatters: its length across the truth is chi_(d-1)/sqrt(n-hat), along it it is off by N(0, 1/n-hat). What the bend of the error makes of either is added to the allowance.
 */
export function estimatedPrediction(problem: ClassProblem, source: string): Prediction | null {
  const found = classPrediction(problem, source);
  if (found?.kind !== 'value') return found;
  const { value } = found;
  const across = Math.sqrt(2 / (problem.dimension - 1));
  const bends = [
    [1, Math.sqrt(1 + across), Math.sqrt(Math.max(0, 1 - across))],
    [0, 1, -1],
  ].map(([kind, up, down]) => {
    const [more, less] = [up!, down!].map((size) => classPrediction(moved(problem, kind === 1, size), source));
    return more?.kind === 'value' && less?.kind === 'value'
      ? Math.abs((more.value + less.value) / 2 - value)
      : Number.POSITIVE_INFINITY;
  });
  return { ...found, allowance: found.allowance + bends[0]! + bends[1]! };
}

/** The problem with estimates that are so many times as far from the truth, or off along it by so many deviations. */
function moved(problem: ClassProblem, across: boolean, size: number): ClassProblem {
  const deviation = 1 / Math.sqrt(problem.dimension - 1);
  return {
    ...problem,
    rounds: problem.rounds.map((round) => ({
      ...round,
      blocks: round.blocks.map((block) => {
        const [along, second, third, beside] = block.mean;
        if (beside === 0) return block;
        return {
          ...block,
          mean: across
            ? [along, second, third, size * beside]
            : [along + size * deviation * beside, second, third, beside],
        };
      }),
    })),
  };
}
