/**
 * Plan. What a file of chains of Gaussians may not ask: real rows that are kept twice over, a round of one row, a volume of fewer rows than dimensions, more rows
 * than a chi number has degrees of freedom, and variances that leave single precision, whichever way; next to each a file that is right.
 */
import { expect, it } from 'vitest';
import type { JsonObject } from '../../src/experiment/experiment.ts';
import { gaussianChain } from '../../src/regimes/gaussian-chain.ts';
import { parametersOf } from '../support/parameters.ts';

const chain = { real: { samples: 10 }, synthetic: { samples: 10 }, generations: 3 };

it.each<readonly [string, JsonObject, RegExp, JsonObject]>([
  [
    'rows kept twice over',
    { ...chain, past: 'kept', real: { samples: 10, kept: true } },
    /real\.kept/,
    { ...chain, real: { samples: 10, kept: true } },
  ],
  [
    'a round of one row',
    { ...chain, synthetic: { samples: 1 } },
    /synthetic\.samples.*one row/s,
    { ...chain, synthetic: { samples: 1 }, past: 'kept' },
  ],
  [
    'no volume',
    { ...chain, dimension: 10, measure: 'log-volume' },
    /measure.*found 10/s,
    { ...chain, dimension: 9, measure: 'log-volume' },
  ],
  [
    'too many rows',
    { ...chain, synthetic: { samples: 1e7, growth: 1 } },
    /synthetic\.growth/,
    { ...chain, synthetic: { samples: 1e6, growth: 1 } },
  ],
  [
    'too small',
    { ...chain, generations: 500 },
    /generations.*single precision/s,
    { ...chain, generations: 500, real: { samples: 10, later: 1 } },
  ],
  [
    'too large',
    { ...chain, synthetic: { samples: 10, sharpen: 1e6 } },
    /synthetic\.sharpen.*single precision/s,
    { ...chain, synthetic: { samples: 10, sharpen: 100 } },
  ],
])('refuses %s', (_, wrong, message, right) => {
  expect(() => parametersOf(gaussianChain, wrong)).toThrow(message);
  expect(() => parametersOf(gaussianChain, right)).not.toThrow();
});
