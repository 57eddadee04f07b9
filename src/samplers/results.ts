import type { ProgramForm } from '../program/program.ts';
import { TrialStatus } from '../program/trials.ts';
import { batchOf, type CellResultPlace } from './batch.ts';

/** Test errors in the buffer `errors`, by number. */
export const errorsForm = (cells: readonly CellResultPlace[]): Pick<ProgramForm, 'results' | 'read'> => ({
  results: ['errors'],
  read: ([errors], first, count, stride) =>
    batchOf(cells, first, count, { stride, errors: new Float32Array(errors!), statuses: null }),
});

/** The same, and what became of every factorisation in the buffer `statuses`; `broken` is what other than 0 means there. */
export const factoredForm = (
  cells: readonly CellResultPlace[],
  broken: TrialStatus = TrialStatus.nonPositivePivot,
): Pick<ProgramForm, 'results' | 'read'> => ({
  results: ['errors', 'statuses'],
  read: ([errors, statuses], first, count, stride) => {
    const rows = { stride, errors: new Float32Array(errors!), statuses: new Uint32Array(statuses!) };
    return batchOf(cells, first, count, rows, broken);
  },
});
