import { bigram } from './bigram.ts';
import { growing } from './growing.ts';
import { hutter } from './hutter.ts';
import { hutterPooled } from './hutter-pooled.ts';
import { kernelReplace } from './kernel-replace.ts';
import type { Regime } from './regime.ts';
import { replace } from './replace.ts';

/** Every regime by its name in experiment files; a new one is a file in this folder and a line here. */
export const regimes: ReadonlyMap<string, Regime> = new Map<string, Regime>([
  [replace.name, replace],
  [growing.name, growing],
  [kernelReplace.name, kernelReplace],
  [hutter.name, hutter],
  [hutterPooled.name, hutterPooled],
  [bigram.name, bigram],
]);
