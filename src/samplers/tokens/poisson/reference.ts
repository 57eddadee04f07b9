import type { TrialSource } from '../../../program/trials.ts';
import { Purpose } from '../../../reference/normal.ts';
import { threefry4x32 } from '../../../reference/threefry.ts';
import { tokenLaw } from '../../../regimes/discrete-law.ts';
import { streamKey } from '../../address.ts';
import type { TokenJob } from '../job.ts';
import { integerMasses, WHOLE } from '../masses.ts';
import { tokenBatch } from '../tally.ts';
import { lawAt, looksOf } from './looks.ts';
import { thresholdsOf } from './thresholds.ts';

/** The poisson sampler without a device: every token is asked at every checkpoint, on the same integers. */
export function openPoissonReference(job: TokenJob, seed: number): TrialSource {
  const { schedule, tokens } = job;
  const masses = integerMasses(tokenLaw(schedule.truth), tokens, WHOLE);
  const looks = looksOf(job).map((look) => {
    const { draw, law } = lawAt(job, look);
    return { look, key: streamKey(seed, draw), thresholds: thresholdsOf(law, tokens, look.checkpoints) };
  });

  const runTrial = (trial: number): Float64Array => {
    const seen = new Float64Array(schedule.bins);
    for (const { look, key, thresholds } of looks)
      for (let token = 0; token < tokens; token++) {
        const word = threefry4x32([trial, token >> 2, 0, Purpose.token], key)[(token & 3) as 0 | 1 | 2 | 3];
        const bins = look.checkpoints.length;
        const bin = look.checkpoints.findIndex((_, b) => word >= thresholds[token * bins + b]!);
        if (bin >= 0) seen[look.firstBin + bin]! += masses[token]!;
      }
    return seen;
  };

  return {
    capacity: Number.POSITIVE_INFINITY,
    run: async (first, count) => {
      const seen = Array.from({ length: count }, (_, t) => runTrial(first + t));
      return tokenBatch(schedule, first, count, (bin, trial) => seen[trial]![bin]!);
    },
    close: () => {},
  };
}
