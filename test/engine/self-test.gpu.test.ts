import { expect, it } from 'vitest';
import { selfTest } from '../../src/engine/self-test.ts';
import { useGpu } from '../support/gpu.ts';

/* Plan: every part of the self-test passes on the adapter at hand, and no part is missing. */

const context = useGpu();

it('passes on this adapter', async () => {
  const tests = await selfTest(context.gpu);
  expect(tests.map(({ name, verdict }) => `${name}: ${verdict}`)).toEqual([
    'random integers (Threefry4x32-20): pass',
    'normals: pass',
    'one regression by Cholesky, d = 96: pass',
    'two-sum probe: info',
  ]);
  console.info(tests);
});
