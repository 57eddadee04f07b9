import { accumulate } from './accumulate.ts';
import { accumulateSubsample } from './accumulate-subsample.ts';
import { associativeMemory } from './associative-memory.ts';
import { bigram } from './bigram.ts';
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
import { weighted } from './weighted.ts';

/** Every regime by its name in experiment files; a new one is a file in this folder and a line here. */
export const regimes: ReadonlyMap<string, Regime> = new Map<string, Regime>([
  [replace.name, replace],
  [growing.name, growing],
  [accumulate.name, accumulate],
  [accumulateSubsample.name, accumulateSubsample],
  [mixture.name, mixture],
  [weighted.name, weighted],
  [iterative.name, iterative],
  [goldenRatio.name, goldenRatio],
  [kernelReplace.name, kernelReplace],
  [imageMixture.name, imageMixture],
  [hutter.name, hutter],
  [hutterPooled.name, hutterPooled],
  [bigram.name, bigram],
  [associativeMemory.name, associativeMemory],
  [gcd.name, gcd],
]);
