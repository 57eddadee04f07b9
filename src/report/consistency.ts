import type { CellResult } from '../experiment/results.ts';
import type { Prediction } from '../theory/prediction.ts';

/** Numbers written in full and read back differ only by the last digits of f64 arithmetic. */
const CLOSE = 1e-9;

/** Ways in which a stored cell contradicts itself or the theory, in words; none in a file nobody has touched. */
export function inconsistencies(cell: CellResult, prediction: Prediction | null): readonly string[] {
  return [...ofCounts(cell), ...ofSpread(cell), ...ofQuantiles(cell), ...ofTheory(cell, prediction), ...ofZ(cell)];
}

function ofCounts({ trials, failed }: CellResult): readonly string[] {
  const counts = { trials, failed };
  return Object.entries(counts)
    .filter(([, count]) => !(Number.isInteger(count) && count >= 0))
    .map(([name, count]) => `${name} is ${count}, not a count`);
}

function ofSpread({ trials, sem, sd, mean }: CellResult): readonly string[] {
  const found: string[] = [];
  if (Number.isFinite(sd) !== Number.isFinite(sem)) found.push('one of sem and sd is missing');
  else if (Number.isFinite(sd) && !close(sem, sd / Math.sqrt(trials))) {
    found.push(`sem is ${sem}, but sd / sqrt(trials) is ${sd / Math.sqrt(trials)}`);
  }
  if (sd < 0 || sem < 0) found.push('sd and sem cannot be negative');
  if (Number.isFinite(mean) && trials > 1 && !Number.isFinite(sem))
    found.push('a mean of several trials without its sem');
  return found;
}

function ofQuantiles({ trials, q05, median, q95 }: CellResult): readonly string[] {
  if (trials === 0) return [];
  return q05 <= median && median <= q95 ? [] : [`q05 ${q05}, median ${median}, q95 ${q95} are not in order`];
}

function ofTheory({ theory, mean, trials }: CellResult, prediction: Prediction | null): readonly string[] {
  if (prediction?.kind !== 'value') {
    return theory === null ? [] : [`theory is ${theory.value}, but the theory gives no value here`];
  }
  const found: string[] = [];
  if (trials > 0 && !Number.isFinite(mean)) found.push('the mean is missing, though theory gives one');
  if (theory === null) found.push(`theory is missing; it is ${prediction.value}`);
  else if (!close(theory.value, prediction.value)) {
    found.push(`theory is ${theory.value}, but worked out afresh it is ${prediction.value}`);
  }
  return found;
}

/** z against the mean, sem and theory stored beside it. */
function ofZ({ z, mean, sem, theory }: CellResult): readonly string[] {
  const expected = theory !== null && sem > 0 && Number.isFinite(mean) ? (mean - theory.value) / sem : null;
  if (z === null && expected === null) return [];
  if (z === null || expected === null) return [`z is ${z}, but (mean - theory) / sem is ${expected}`];
  // The difference of two close numbers keeps fewer digits than they have.
  const rounding = (CLOSE * Math.abs(mean)) / sem;
  return Math.abs(z - expected) <= CLOSE * Math.abs(expected) + rounding + CLOSE
    ? []
    : [`z is ${z}, but (mean - theory) / sem is ${expected}`];
}

function close(a: number, b: number): boolean {
  return Math.abs(a - b) <= CLOSE * Math.max(Math.abs(a), Math.abs(b));
}
