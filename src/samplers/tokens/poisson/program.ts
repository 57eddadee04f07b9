import { BINS_PER_GROUP, poissonMasses, TOKENS_PER_GROUP } from '../../../kernels/tokens.ts';
import { TRIALS } from '../../../program/amount.ts';
import { Program } from '../../../program/program.ts';
import { tokenLaw } from '../../../regimes/discrete-law.ts';
import { launchAddress } from '../../address.ts';
import type { TokenJob } from '../job.ts';
import { massWords } from '../masses.ts';
import { tokensForm } from '../tally.ts';
import { lawAt, looksOf } from './looks.ts';
import { thresholdsOf } from './thresholds.ts';

/** Operations that take as long as one token's word, and as a threshold that a processor keeps near, or does not. */
const TOKEN_WORK = 8;
const THRESHOLD_WORK = { near: 0.5, far: 1.2 };
const NEAR_WORDS = 2 ** 22;
const MOST_THRESHOLDS = 24;

/** One random word for every token and law. */
export function poissonProgram(job: TokenJob, seed: number): Program {
  const { tokens, schedule } = job;
  const looks = looksOf(job);
  const mostSizes = Math.max(2, ...looks.map(({ checkpoints }) => checkpoints.length));
  const program = new Program({
    ...tokensForm(schedule),
    subject: `One trial of ${mostSizes} sample sizes and ${tokens} tokens`,
    changesFor: (_, words) => [
      `a support of at most ${Math.floor(words / mostSizes)} tokens`,
      ...(tokens <= words ? [`at most ${Math.floor(words / tokens)} sample sizes`] : []),
    ],
  });
  const masses = program.shared('masses', 2 * tokens, () => massWords(tokenLaw(schedule.truth), tokens));
  const sums = program.buffer('sums', 4 * schedule.bins);
  program.clear(sums);
  for (const [l, look] of looks.entries()) {
    const { law, draw } = lawAt(job, look);
    const { checkpoints, firstBin } = look;
    const bins = checkpoints.length;
    const layers = Math.ceil(bins / BINS_PER_GROUP);
    const thresholds = program.shared(`thresholds${l}`, tokens * bins, () => thresholdsOf(law, tokens, checkpoints));
    const each = THRESHOLD_WORK[tokens * bins > NEAR_WORDS ? 'far' : 'near'] * Math.min(bins, MOST_THRESHOLDS);
    program.dispatch(
      poissonMasses,
      { thresholds, masses, sums },
      {
        groups: Math.ceil(tokens / TOKENS_PER_GROUP),
        layers,
        normals: tokens,
        work: (TOKEN_WORK + each) * Math.max(64, tokens) * layers,
      },
      { ...launchAddress(seed, draw), trials: TRIALS, tokens, first_bin: firstBin, bins },
    );
  }
  return program;
}
