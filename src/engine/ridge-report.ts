import type { RidgeChoice, RidgeTheory, Setting } from '../regimes/ridge-choices.ts';
import type { Interval } from '../statistics/interval.ts';
import { meanOf, momentsOf, standardError } from '../statistics/moments.ts';
import { type Estimate, pairedDifference } from '../statistics/paired-minimum.ts';
import type { BestRidge, RidgeTrials } from './ridge-trials.ts';

/** The best ridges of one setting, and what it costs to take each. */
export interface RidgeReport {
  readonly panel: string;
  /** Place in the sweep, the ridge left out. */
  readonly at: Readonly<Record<string, number>>;
  readonly choices: readonly JudgedRidge[];
  /** Trials that count and those that failed numerically at one of the ridges; null before the simulation. */
  readonly trials: number | null;
  readonly failed: number | null;
}

/** theory: least error by theory; rule: the paper's; clean: by theory if there were no generators; simulation: least mean. */
export type ChoiceName = 'theory' | 'simulation' | 'rule' | 'clean';

export interface JudgedRidge {
  readonly choice: ChoiceName;
  /** 0 is least squares, infinity predicts 0; null where there is none. */
  readonly ridge: number | null;
  /** Why there is none, or what is to be known of it. */
  readonly remark: string | null;
  /** 95 % interval of the ridge, where it was simulated and ridges to both sides were found to be worse. */
  readonly interval: Interval | null;
  /** By theory: the mean test error, and what it is above the least. */
  readonly theory: { readonly error: number; readonly excess: number } | null;
  /** By simulation, the excess over the same trials at the best ridge of the simulation. */
  readonly simulated: { readonly error: Estimate; readonly excess: Estimate } | null;
}

/** What the simulation has to say of a setting. */
export interface Simulated {
  readonly trials: RidgeTrials;
  readonly best: BestRidge | null;
}

export function reportOf({ panel, at }: Setting, theory: RidgeTheory, simulated: Simulated | null): RidgeReport {
  const judge = judgeOf(theory, simulated);
  const best = simulated?.best ?? null;
  return {
    panel: panel.name,
    at,
    choices: [
      judge('theory', theory.theory),
      ...(simulated ? [judge('simulation', best ?? { reason: 'too few trials ended well' }, best)] : []),
      judge('rule', theory.rule),
      judge('clean', theory.clean),
    ],
    trials: best?.trials.length ?? null,
    failed: best?.failed ?? null,
  };
}

const isBracketed = ({ cut }: BestRidge) => !cut.low && !cut.high;

function remarkOn({ cut }: BestRidge): string | null {
  const sides = [...(cut.low ? ['below'] : []), ...(cut.high ? ['above'] : [])];
  return sides.length > 0 ? `not bracketed: cut off ${sides.join(' and ')}, looked no further` : null;
}

type Judge = (name: ChoiceName, choice: RidgeChoice, found?: BestRidge | null) => JudgedRidge;

function judgeOf({ theory, errorAt }: RidgeTheory, simulated: Simulated | null): Judge {
  const least = 'ridge' in theory ? errorAt(theory.ridge) : null;
  return (choice, chosen, found = null) => {
    if ('reason' in chosen) {
      return { choice, ridge: null, remark: chosen.reason, interval: null, theory: null, simulated: null };
    }
    const { ridge } = chosen;
    const error = errorAt(ridge);
    return {
      choice,
      ridge,
      remark: found && remarkOn(found),
      interval: found && isBracketed(found) ? found.interval : null,
      theory: error === null || least === null ? null : { error, excess: error - least },
      simulated: simulated?.best ? simulatedAt(found ? 'best' : ridge, simulated.trials, simulated.best) : null,
    };
  };
}

/** Trials that failed at this ridge alone are left out of its difference. */
function simulatedAt(ridge: number | 'best', trials: RidgeTrials, best: BestRidge): JudgedRidge['simulated'] {
  if (ridge === 'best') return { error: estimate(best.errors), excess: { mean: 0, sem: 0 } };
  const drawn = trials.at(ridge, best.trials);
  if (drawn === null || drawn.places.length < best.trials.length / 2) return null;
  const there = drawn.places.map((place) => best.errors[place]!);
  return { error: estimate(drawn.errors), excess: pairedDifference(drawn.errors, there) };
}

/** The excess as a share of the least error: the simulation's, or where there is none the theory's; null where neither says. */
export function costOf({ theory, simulated }: JudgedRidge): number | null {
  const [error, excess] = simulated
    ? [simulated.error.mean, simulated.excess.mean]
    : [theory?.error ?? Number.NaN, theory?.excess ?? Number.NaN];
  const share = excess / (error - excess);
  return Number.isFinite(share) ? share : null;
}

function estimate(errors: Float64Array): Estimate {
  const moments = momentsOf(errors);
  return { mean: meanOf(moments), sem: standardError(moments) };
}
