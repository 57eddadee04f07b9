import { ByteWriter, type ColumnSource, ParquetWriter, schemaFromColumnData } from 'hyparquet-writer';
import type { Results } from '../experiment/results.ts';
import { axisPaths } from './columns.ts';
import { jsonOf } from './results-json.ts';

/** Some trials of one cell of the results, in order. */
export interface CellTrials {
  readonly panel: string;
  readonly at: Readonly<Record<string, number>>;
  /** Number of the first. */
  readonly first: number;
  /** Test errors; meaningless where the status is not ok. */
  readonly errors: ArrayLike<number>;
  readonly statuses: ArrayLike<number>;
}

/** A name for the number of every status. */
type Statuses = { readonly ok: number } & Readonly<Record<string, number>>;

/** Rows that are encoded, and in memory, together. */
const ROWS = 100_000;

/**
 * `trials.parquet`, part by part: one row for each trial with its panel, its place in the sweep, number, error (null unless
 * it ended ok) and the name of its status; experiment and manifest as key-value metadata.
 */
export function* parquetOf(
  cells: Iterable<CellTrials>,
  { experiment, manifest, panels }: Results,
  statuses: Statuses,
): Generator<Uint8Array, void> {
  const axes = axisPaths(panels.flatMap((panel) => panel.cells));
  const columns = (rows: readonly CellTrials[]) => columnsOf(rows, axes, statuses);
  const writer = new ByteWriter();
  const kvMetadata = Object.entries({ experiment, manifest }).map(([key, value]) => ({ key, value: jsonOf(value) }));
  const file = new ParquetWriter({ writer, schema: schemaFromColumnData({ columnData: columns([]) }), kvMetadata });
  for (const rows of groupsOf(cells)) {
    file.write({ columnData: columns(rows), rowGroupSize: ROWS });
    yield written(writer);
  }
  file.finish();
  yield written(writer);
}

/** What the writer holds, which begins anew; it goes on counting. */
function written(writer: ByteWriter): Uint8Array {
  const bytes = writer.getBytes().slice();
  writer.index = 0;
  return bytes;
}

/** The trials in groups of `ROWS` rows, but for the last. */
function* groupsOf(cells: Iterable<CellTrials>): Generator<readonly CellTrials[], void> {
  let group: CellTrials[] = [];
  let room = ROWS;
  for (const cell of cells) {
    for (let from = 0; from < cell.statuses.length; ) {
      const part = partOf(cell, from, Math.min(cell.statuses.length, from + room));
      group.push(part);
      from += part.statuses.length;
      room -= part.statuses.length;
      if (room > 0) continue;
      yield group;
      [group, room] = [[], ROWS];
    }
  }
  if (group.length > 0) yield group;
}

function partOf({ first, errors, statuses, ...cell }: CellTrials, from: number, to: number): CellTrials {
  const part = (numbers: ArrayLike<number>) => Array.prototype.slice.call(numbers, from, to) as number[];
  return { ...cell, first: first + from, errors: part(errors), statuses: part(statuses) };
}

function columnsOf(cells: readonly CellTrials[], axes: readonly string[], statuses: Statuses): ColumnSource[] {
  const names = new Map(Object.entries(statuses).map(([name, status]) => [status, name]));
  const nameOf = (status: number) => names.get(status) ?? String(status);
  const column = <T>(value: (cell: CellTrials, trial: number) => T): T[] =>
    cells.flatMap((cell) => Array.from(cell.statuses, (_, trial) => value(cell, trial)));
  return [
    { name: 'panel', type: 'STRING', data: column(({ panel }) => panel) },
    ...axes.map((path): ColumnSource => {
      return { name: path, type: 'DOUBLE', nullable: true, data: column(({ at }) => at[path] ?? null) };
    }),
    { name: 'trial', type: 'INT32', data: column(({ first }, trial) => first + trial) },
    {
      name: 'error',
      type: 'DOUBLE',
      nullable: true,
      data: column((cell, trial) => (cell.statuses[trial] === statuses.ok ? cell.errors[trial]! : null)),
    },
    { name: 'status', type: 'STRING', data: column((cell, trial) => nameOf(cell.statuses[trial]!)) },
  ];
}
