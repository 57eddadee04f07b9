import type { VerifiedRecipe } from '../../../regimes/verified-recipe.ts';

type Round = VerifiedRecipe['estimate']['rounds'][number];

/** One round, after the one whose model labels its rows. */
export interface AcceptedStep extends Round {
  /** Number of the round before; null: rows are real. */
  readonly before: number | null;
}

export interface AcceptedSchedule extends Pick<VerifiedRecipe, 'directions' | 'truth' | 'noise' | 'centre' | 'band'> {
  readonly steps: readonly AcceptedStep[];
  readonly cells: readonly { readonly step: number; readonly measure: VerifiedRecipe['estimate']['measure'] }[];
}

/** Every distinct round of a job once. */
export function acceptedScheduleOf(recipes: readonly VerifiedRecipe[]): AcceptedSchedule {
  const { directions, truth, noise, centre, band } = recipes[0]!;
  const numbers = new Map<string, number>();
  const steps: AcceptedStep[] = [];
  const cells = recipes.map(({ estimate: { rounds, measure } }) => {
    let before: number | null = null;
    for (const round of rounds) {
      const key: string = JSON.stringify([before, round]);
      const number: number = numbers.get(key) ?? steps.push({ ...round, before }) - 1;
      numbers.set(key, number);
      before = number;
    }
    return { step: before!, measure };
  });
  return { directions, truth, noise, centre, band, steps, cells };
}

/** Centre and band for coefficients less the truth in units of the noise: what is small beside the truth keeps its digits. */
export const scaled = ({ truth, noise, centre, band }: AcceptedSchedule) => ({
  centre: (centre - truth) / noise,
  band: band / noise,
});
