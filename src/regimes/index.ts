import { soundPrediction } from '../theory/prediction.ts';
import { accumulate } from './accumulate.ts';
import { accumulateSubsample } from './accumulate-subsample.ts';
import { associativeMemory } from './associative-memory.ts';
import { bigram } from './bigram.ts';
import { contaminated } from './contaminated.ts';
import { curation } from './curation.ts';
import { descent } from './descent.ts';
import { divisors } from './divisors.ts';
import { ecosystem } from './ecosystem.ts';
import { gaussianChain } from './gaussian-chain.ts';
import { gcd } from './gcd.ts';
import { goldenRatio } from './golden-ratio.ts';
import { growing } from './growing.ts';
import { hutter } from './hutter.ts';
import { hutterPooled } from './hutter-pooled.ts';
import { imageMixture } from './image-mixture.ts';
import { iterative } from './iterative.ts';
import { kernelReplace } from './kernel-replace.ts';
import { logisticChain } from './logistic-chain.ts';
import { mixture } from './mixture.ts';
import { network } from './network.ts';
import type { Regime } from './regime.ts';
import { replace } from './replace.ts';
import { selfDistillation } from './self-distillation.ts';
import { selfTraining } from './self-training.ts';
import { surrogate } from './surrogate.ts';
import { verification } from './verification.ts';
import { verifiedRegression } from './verified-regression.ts';
import { verifierChances } from './verifier-chances.ts';
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
    descent,
    curation,
    selfTraining,
    verification,
    verifierChances,
    verifiedRegression,
    gaussianChain,
    logisticChain,
    kernelReplace,
    imageMixture,
    network,
    hutter,
    hutterPooled,
    bigram,
    associativeMemory,
    gcd,
    divisors,
  ].map((regime) => [regime.name, gated(regime as Regime)]),
);

/** Whatever a regime's theory says leaves it through the gate of `soundPrediction`. */
function gated(regime: Regime): Regime {
  return {
    ...regime,
    theory: (parameters) => soundPrediction(regime.theory(parameters), regime.isError?.(parameters) ?? true),
  };
}
