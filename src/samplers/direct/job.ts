import type { BufferName } from '../../program/program.ts';
import type { GramSteps } from '../gram.ts';
import type { Schedule } from '../schedule.ts';

/** What all passes of a job share. */
export interface DirectJob {
  readonly schedule: Schedule;
  readonly seed: number;
  readonly steps: GramSteps;
  readonly scale: BufferName;
  /** Spectra that inputs are drawn with, that of the test inputs first. */
  readonly spectra: readonly (readonly number[])[];
}
