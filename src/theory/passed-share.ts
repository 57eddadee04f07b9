import { normalCdf } from '../reference/normal-law.ts';
import { type JudgedRows, keptMoments } from './kept-moments.ts';
import type { Prediction } from './prediction.ts';

/** A linear verifier on rows of two classes that a linear generator has labelled; directions as unit vectors, the truth first. */
export interface PassedProblem {
  /** |mu| in deviations of a coordinate. */
  readonly separation: number;
  readonly generator: readonly [number, number, number];
  readonly verifier: readonly [number, number, number];
  /** Of which labels. */
  readonly right: boolean;
}

/**
 * The share of right or wrong labels to which the verifier says the same: by definition (arXiv:2406.07515v2, eq. (5)) P(both are wrong)/P(the generator
 * is wrong) = Phi_2(c1, c2; cos)/Phi(c2) for wrong ones, c_k = -|mu| cos_k.
 */
export function passedShare(problem: PassedProblem): Prediction {
  const { all, passed } = sharesOf(problem);
  return {
    kind: 'value',
    value: passed / all,
    allowance: 0,
    source: 'arXiv:2406.07515v2, App. E.6 corrected by its eq. (5)',
  };
}

/** psi as printed (ibid., App. E.6): (Phi(c1) + Phi(c2) - Phi_2)/Phi(c2), with c_k as they should be. */
export function printedPassedShare(problem: PassedProblem): Prediction {
  const { all, passed } = sharesOf(problem);
  const verifier = normalCdf(-problem.separation * problem.verifier[0]);
  const value = (verifier + all - passed) / all;
  return { kind: 'value', value, allowance: 0, source: 'arXiv:2406.07515v2, App. E.6 as printed' };
}

/** The share of rows with such labels, and of those that the verifier lets pass. */
function sharesOf({ separation, generator, verifier, right }: PassedProblem) {
  const rows: JudgedRows = {
    ...{
      rows: 1,
      mean: [separation, 0, 0, 0],
      label: [...generator, 0],
      sigmoid: false,
      flips: 0,
      judge: [...verifier, 0],
    },
    ...{ least: 0, most: Number.POSITIVE_INFINITY, agree: false, right: right ? 1 : 0, wrong: right ? 0 : 1 },
  };
  return { all: keptMoments(rows)!.share, passed: keptMoments({ ...rows, agree: true })!.share };
}
