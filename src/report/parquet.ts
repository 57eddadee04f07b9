import { type ColumnSource, parquetWriteBuffer } from 'hyparquet-writer';
import type { Results } from '../experiment/results.ts';
import { axisPaths } from './columns.ts';
import { jsonOf } from './results-json.ts';

/** All trials of one cell of the results, in order. */
export interface CellTrials {
  readonly panel: string;
  readonly at: Readonly<Record<string, number>>;
  /** Test errors; meaningless where the status is not ok. */
  readonly errors: ArrayLike<number>;
  readonly statuses: ArrayLike<number>;
}

/**
 * `trials.parquet`: one row for each trial with its panel, its place in the sweep, number, error (null unless it ended
 * ok) and the name of its status; experiment and manifest as key-value metadata. `statuses` gives each status its number.
 */
export function parquetOf(
  cells: readonly CellTrials[],
  results: Pick<Results, 'experiment' | 'manifest'>,
  statuses: { readonly ok: number } & Readonly<Record<string, number>>,
): Uint8Array {
  const names = new Map(Object.entries(statuses).map(([name, status]) => [status, name]));
  const nameOf = (status: number) => names.get(status) ?? String(status);
  const column = <T>(value: (cell: CellTrials, trial: number) => T): T[] =>
    cells.flatMap((cell) => Array.from(cell.statuses, (_, trial) => value(cell, trial)));
  const columnData: ColumnSource[] = [
    { name: 'panel', type: 'STRING', data: column(({ panel }) => panel) },
    ...axisPaths(cells).map((path): ColumnSource => {
      return { name: path, type: 'DOUBLE', nullable: true, data: column(({ at }) => at[path] ?? null) };
    }),
    { name: 'trial', type: 'INT32', data: column((_, trial) => trial) },
    {
      name: 'error',
      type: 'DOUBLE',
      nullable: true,
      data: column((cell, trial) => (cell.statuses[trial] === statuses.ok ? cell.errors[trial]! : null)),
    },
    { name: 'status', type: 'STRING', data: column((cell, trial) => nameOf(cell.statuses[trial]!)) },
  ];
  const { experiment, manifest } = results;
  const kvMetadata = Object.entries({ experiment, manifest }).map(([key, value]) => ({ key, value: jsonOf(value) }));
  return new Uint8Array(parquetWriteBuffer({ columnData, kvMetadata }));
}
