import type { Kernel } from '../../gpu/kernel.ts';
import type { Command, Launcher } from '../../gpu/launcher.ts';
import { BINS_PER_GROUP, poissonMasses, TOKENS_PER_GROUP } from '../../kernels/tokens.ts';
import { tokenLaw } from '../../regimes/discrete-law.ts';
import { launchAddress } from '../address.ts';
import type { TrialSource } from '../sampler.ts';
import { openSource } from '../source.ts';
import { massesSeen, tokenBatch } from '../tokens/batch.ts';
import { massWords } from '../tokens/masses.ts';
import type { TokenJob } from '../tokens/shape.ts';
import { lawAt, looksOf, lookWork, sharedWords, thresholdsName } from './shape.ts';
import { thresholdsOf } from './thresholds.ts';

/** The poisson sampler on a device: one random word for every token and law. */
export function openPoissonGpu(
  job: TokenJob,
  seed: number,
  launcher: Launcher,
  capacity: number,
): Promise<TrialSource> {
  const { schedule, tokens } = job;
  const thresholds = looksOf(job).map((look, l) => [
    thresholdsName(l),
    thresholdsOf(lawAt(job, look).law, tokens, look.checkpoints),
  ]);
  return openSource<string>(
    {
      words: { ...sharedWords(job), sums: 4 * schedule.bins * capacity },
      contents: { ...Object.fromEntries(thresholds), masses: massWords(tokenLaw(schedule.truth), tokens) },
      record: (buffers) => record(job, seed, launcher, buffers, capacity),
      results: ['sums'],
      read: ([sums], first, count) => tokenBatch(schedule, first, count, massesSeen(new Uint32Array(sums!), capacity)),
    },
    launcher,
    capacity,
  );
}

async function record(
  job: TokenJob,
  seed: number,
  launcher: Launcher,
  buffers: Readonly<Record<string, GPUBuffer>>,
  capacity: number,
): Promise<readonly Command[]> {
  const kernel = await launcher.kernels.get(poissonMasses);
  const { tokens } = job;
  const dispatches = looksOf(job).map(
    (look, l): Command => ({
      kind: 'dispatch',
      kernel: kernel as unknown as Kernel,
      bindings: kernel.bind({ thresholds: buffers[thresholdsName(l)]!, masses: buffers.masses!, sums: buffers.sums! }),
      launch: {
        ...launchAddress(seed, lawAt(job, look).draw),
        trials: capacity,
        tokens,
        first_bin: look.firstBin,
        bins: look.checkpoints.length,
      },
      groups: Math.ceil(tokens / TOKENS_PER_GROUP),
      layers: Math.ceil(look.checkpoints.length / BINS_PER_GROUP),
      work: lookWork(job, look),
    }),
  );
  return [{ kind: 'clear', buffer: buffers.sums! }, ...dispatches];
}
