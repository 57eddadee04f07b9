/**
 * Plan
 * - Read back with an independent reader: every trial in order, axes of other panels null, errors exact to the bit and
 *   null for failed trials, statuses by name; experiment and manifest in the metadata.
 * - No trials at all is still a file with all columns.
 */
import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { expect, test } from 'vitest';
import { type CellTrials, parquetOf } from '../../src/report/parquet.ts';
import { results } from './synthetic.ts';

const STATUSES = { ok: 0, nonPositivePivot: 1, nonFinite: 2 } as const;
const bufferOf = (bytes: Uint8Array) => bytes.buffer.slice(0, bytes.byteLength) as ArrayBuffer;

test('trials read back', async () => {
  const cells: readonly CellTrials[] = [
    { panel: 'a', at: { 'downstream.ridge': 0.1, generations: 3 }, errors: [0.1 + 0.2, 7], statuses: [0, 1] },
    { panel: 'b', at: { generations: 1 }, errors: Float64Array.of(Number.NaN, 5e-324), statuses: Uint8Array.of(2, 0) },
  ];
  const file = bufferOf(parquetOf(cells, results(), STATUSES));
  expect(await parquetReadObjects({ file })).toEqual([
    { panel: 'a', 'downstream.ridge': 0.1, generations: 3, trial: 0, error: 0.1 + 0.2, status: 'ok' },
    { panel: 'a', 'downstream.ridge': 0.1, generations: 3, trial: 1, error: null, status: 'nonPositivePivot' },
    { panel: 'b', 'downstream.ridge': null, generations: 1, trial: 0, error: null, status: 'nonFinite' },
    { panel: 'b', 'downstream.ridge': null, generations: 1, trial: 1, error: 5e-324, status: 'ok' },
  ]);
  const metadata = parquetMetadata(file).key_value_metadata!;
  const value = (key: string) => JSON.parse(metadata.find((entry) => entry.key === key)!.value!);
  expect(value('experiment')).toEqual(results().experiment);
  expect(value('manifest')).toEqual(results().manifest);
});

test('no trials', async () => {
  const file = bufferOf(
    parquetOf([{ panel: 'a', at: { generations: 0 }, errors: [], statuses: [] }], results(), STATUSES),
  );
  expect(await parquetReadObjects({ file })).toEqual([]);
  expect(
    parquetMetadata(file)
      .schema.slice(1)
      .map(({ name }) => name),
  ).toEqual(['panel', 'generations', 'trial', 'error', 'status']);
});
