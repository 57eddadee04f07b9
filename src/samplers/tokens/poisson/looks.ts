import { tokenLaw } from '../../../regimes/discrete-law.ts';
import type { TokenJob } from '../job.ts';
import type { Look } from '../schedule.ts';

/** What is looked at, each from one law. */
export function looksOf({ schedule }: TokenJob): readonly Look[] {
  return schedule.steps.flatMap((step) => (step.kind === 'look' ? [step.look] : []));
}

/** The law that a look's draws are from. */
export function lawAt({ schedule }: TokenJob, { parts }: Look) {
  const { draw, from } = schedule.streams[parts[0]!.stream]!;
  if (!('law' in from)) throw new Error('Poisson draws are from laws.');
  return { draw, law: tokenLaw(schedule.laws[from.law]!) };
}
