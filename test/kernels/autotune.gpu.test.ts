import { expect, it } from 'vitest';
import { autotune } from '../../src/kernels/autotune.ts';
import { canRun, TUNINGS, type TuningName, tableRow } from '../../src/kernels/tuning.ts';
import { useGpu } from '../support/gpu.ts';

/*
 * Plan: the measurement at start-up, on a device.
 * - with patience it times every row the device can run, and names one of them
 * - without, it does not wait for kernels of other rows: the device's own row is all there is
 */

const context = useGpu();

it('does not wait for kernels that are not ready', async () => {
  const { row, milliseconds } = await autotune(context.gpu, 0);
  expect(row).toBe(tableRow(context.gpu));
  expect(Object.keys(milliseconds)).toEqual([row]);
});

it('times every row', async () => {
  const { row, milliseconds } = await autotune(context.gpu, Number.POSITIVE_INFINITY);
  const rows = (Object.keys(TUNINGS) as TuningName[]).filter((name) => canRun(name, context.gpu));
  expect(Object.keys(milliseconds).sort()).toEqual(rows.sort());
  expect(rows).toContain(row);
  for (const time of Object.values(milliseconds)) expect(time).toBeGreaterThan(0);
});
