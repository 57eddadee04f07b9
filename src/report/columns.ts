import { TERMS, type Term } from '../experiment/experiment.ts';
import type { BesideTheory, CellResult, PanelResult } from '../experiment/results.ts';
import { STATISTIC_KEYS } from '../statistics/summary.ts';

export type Field = string | number | null;

/** One column of the flattened results; `value` gives null where there is nothing to tell. */
export interface Column {
  readonly name: string;
  readonly value: (panel: string, cell: CellResult) => Field;
}

/** Columns of `table.csv`: those of `results.json`, with one column for each axis of any panel; terms where any cell has them. */
export function columnsOf(panels: readonly PanelResult[]): readonly Column[] {
  return [
    { name: 'panel', value: (panel) => panel },
    ...axisPaths(panels.flatMap(({ cells }) => cells)).map((path) => ({
      name: path,
      value: (_: string, { at }: CellResult) => number(at[path]),
    })),
    { name: 'trials', value: (_, { trials }) => trials },
    { name: 'failed', value: (_, { failed }) => failed },
    { name: 'sampler', value: (_, { sampler }) => sampler },
    ...STATISTIC_KEYS.map((key) => ({
      name: key,
      value: (_: string, cell: CellResult) => number(cell[key]),
    })),
    { name: 'theory', value: (_, { theory }) => number(theory?.value) },
    { name: 'theory_source', value: (_, { theory }) => theory?.source ?? null },
    { name: 'z', value: (_, { z }) => number(z) },
    ...(panels.some(({ cells }) => cells.some(({ terms }) => terms)) ? TERMS.flatMap(termColumns) : []),
  ];
}

function termColumns(term: Term): readonly Column[] {
  const column = (name: string, value: (part: BesideTheory) => number | null | undefined): Column => ({
    name: `${term}_${name}`,
    value: (_, { terms }) => number(terms && value(terms[term])),
  });
  return [
    column('mean', ({ mean }) => mean),
    column('sem', ({ sem }) => sem),
    column('theory', ({ theory }) => theory?.value),
    column('z', ({ z }) => z),
  ];
}

/** Paths of all axes, in the order in which cells name them. */
export function axisPaths(cells: readonly Pick<CellResult, 'at'>[]): readonly string[] {
  return [...new Set(cells.flatMap(({ at }) => Object.keys(at)))];
}

/** NaN, infinities and what is absent become null, as in every file we write. */
function number(value: number | null | undefined): number | null {
  return value !== null && value !== undefined && Number.isFinite(value) ? value : null;
}
