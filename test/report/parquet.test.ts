/**
 * Plan
 * - Read back with an independent reader: every trial in order, axes of other panels null, errors exact to the bit and
 *   null for failed trials, statuses by name; experiment and manifest in the metadata.
 * - More trials than one group of rows holds, in cells that end within groups: nothing is lost, doubled or out of order.
 * - No trials at all is still a file with all columns.
 */
import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { expect, test } from 'vitest';
import type { Results } from '../../src/experiment/results.ts';
import { type CellTrials, parquetOf } from '../../src/report/parquet.ts';
import { results } from './synthetic.ts';

const STATUSES = { ok: 0, nonPositivePivot: 1, nonFinite: 2 } as const;

const PANELS = [
  { name: 'a', cells: [{ at: { 'downstream.ridge': 0.1, generations: 3 } }] },
  { name: 'b', cells: [{ at: { generations: 1 } }] },
] as unknown as Results['panels'];

/** The whole file. */
function written(cells: readonly CellTrials[]): ArrayBuffer {
  const bytes = Buffer.concat([...parquetOf(cells, { ...results(), panels: PANELS }, STATUSES)]);
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
}

test('trials read back', async () => {
  const cells: readonly CellTrials[] = [
    { panel: 'a', at: { 'downstream.ridge': 0.1, generations: 3 }, first: 4, errors: [0.1 + 0.2, 7], statuses: [0, 1] },
    {
      panel: 'b',
      at: { generations: 1 },
      first: 0,
      errors: Float64Array.of(Number.NaN, 5e-324),
      statuses: Uint8Array.of(2, 0),
    },
  ];
  const file = written(cells);
  expect(await parquetReadObjects({ file })).toEqual([
    { panel: 'a', 'downstream.ridge': 0.1, generations: 3, trial: 4, error: 0.1 + 0.2, status: 'ok' },
    { panel: 'a', 'downstream.ridge': 0.1, generations: 3, trial: 5, error: null, status: 'nonPositivePivot' },
    { panel: 'b', 'downstream.ridge': null, generations: 1, trial: 0, error: null, status: 'nonFinite' },
    { panel: 'b', 'downstream.ridge': null, generations: 1, trial: 1, error: 5e-324, status: 'ok' },
  ]);
  const metadata = parquetMetadata(file).key_value_metadata!;
  const value = (key: string) => JSON.parse(metadata.find((entry) => entry.key === key)!.value!);
  expect(value('experiment')).toEqual(results().experiment);
  expect(value('manifest')).toEqual(results().manifest);
});

test('many groups', async () => {
  const lengths = [60_000, 60_001, 1, 3];
  const cells = lengths.map((length, i): CellTrials => {
    const errors = Float64Array.from({ length }, (_, t) => i + t / length);
    return { panel: 'a', at: { generations: i }, first: 10 * i, errors, statuses: new Uint8Array(length) };
  });
  const rows = await parquetReadObjects({ file: written(cells) });
  expect(rows).toHaveLength(120_005);
  const wanted = cells.flatMap(({ first, errors }, i) =>
    Array.from(errors, (error, t) => `${i} ${first + t} ${error}`),
  );
  const wrong = rows.findIndex(
    ({ generations, trial, error }, row) => `${generations} ${trial} ${error}` !== wanted[row],
  );
  expect(wrong).toBe(-1);
});

test('no trials', async () => {
  const file = written([]);
  expect(await parquetReadObjects({ file })).toEqual([]);
  expect(
    parquetMetadata(file)
      .schema.slice(1)
      .map(({ name }) => name),
  ).toEqual(['panel', 'downstream.ridge', 'generations', 'trial', 'error', 'status']);
});
