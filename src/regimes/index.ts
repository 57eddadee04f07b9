import { soundPrediction } from '../theory/prediction.ts';
import { accumulate } from './accumulate.ts';
import { accumulateSubsample } from './accumulate-subsample.ts';
import { associativeMemory } from './associative-memory.ts';
import { bigram } from './bigram.ts';
import { contaminated } from './contaminated.ts';
import { ecosystem } from './ecosystem.ts';
import { gcd } from './gcd.ts';
import { goldenRatio } from './golden-ratio.ts';
import { growing } from './growing.ts';
import { hutter } from './hutter.ts';
import { hutterPooled } from './hutter-pooled.ts';
import { imageMixture } from './image-mixture.ts';
import { iterative } from './iterative.ts';
import { kernelReplace } from './kernel-replace.ts';
import { mixture } from './mixture.ts';
import type { Regime } from './regime.ts';
import { replace } from './replace.ts';
import { selfDistillation } from './self-distillation.ts';
import { surrogate } from './surrogate.ts';
import { weakToStrong } from './weak-to-strong.ts';
import { weighted } from './weighted.ts';

/** Every regime by its name in experiment files; a new one is a file in this folder and a name here. */
export const regimes: ReadonlyMap<string, Regime> = new Map(
  [
    replace,
    growing,
    accumulate,
    accumulateSubsample,
    mixture,
    weighted,
    iterative,
    goldenRatio,
    weakToStrong,
    selfDistillation,
    surrogate,
    ecosystem,
    contaminated,
    kernelReplace,
    imageMixture,
    hutter,
    hutterPooled,
    bigram,
    associativeMemory,
    gcd,
  ].map((regime) => [regime.name, gated(regime as Regime)]),
);

/** Whatever a regime's theory says leaves it through the gate of `soundPrediction`. */
function gated(regime: Regime): Regime {
  return { ...regime, theory: (parameters) => soundPrediction(regime.theory(parameters)) };
}
