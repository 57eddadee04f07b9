import type { ChainPass, ChainSchedule } from '../chain-schedule.ts';

/**
 * With all eigenvalues equal to s the inputs are sqrt(s) times standard normal ones, so the problem is that of the unit
 * covariance for sqrt(s) w, with the penalty lambda / s; the test error is the same.
 */
const eigenvalue = (schedule: ChainSchedule) => schedule.spectrum[0]!;

/** M of ||X w - y||^2 + M ||w||^2. */
export function penaltyOf(schedule: ChainSchedule, pass: ChainPass, ridge: number): number {
  return (ridge * pass.rows) / eigenvalue(schedule);
}

/** Length of the whitened true coefficients; for Gaussian ones the standard deviation of each. */
export function truthSize(schedule: ChainSchedule): number {
  const { truth } = schedule;
  const root = Math.sqrt(eigenvalue(schedule));
  switch (truth.kind) {
    case 'sphere':
      return root * truth.norm;
    case 'gaussian':
      return root * Math.sqrt(truth.variance);
    case 'coefficients':
      return root * Math.sqrt(truth.values.reduce((sum, c) => sum + c * c, 0));
    default:
      return truth satisfies never;
  }
}
