import type { BufferName } from '../../../program/program.ts';
import type { FitSchedule } from '../../fit-schedule.ts';
import type { LinearSteps } from '../steps.ts';

/** What all passes of a job share. */
export interface DirectJob {
  readonly schedule: FitSchedule;
  readonly seed: number;
  readonly steps: LinearSteps;
  readonly scale: BufferName;
  /** Spectra that inputs are drawn with, that of the test inputs first. */
  readonly spectra: readonly (readonly number[])[];
}
