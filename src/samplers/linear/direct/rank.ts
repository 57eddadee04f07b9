import type { Part } from '../../design.ts';

/** Whether column j of a row can be other than zero. */
type Support = (column: number) => boolean;

/** For each row of all parts its support, by its number; null where rows have no zeros but those of triangles. */
export function zerosOf(parts: readonly Part[], dimension: number): ((row: number) => Support) | null {
  if (parts.every(({ spectrum }) => !spectrum?.includes(0))) return null;
  const starts = parts.map((_, p) => parts.slice(0, p).reduce((sum, { rows }) => sum + rows, 0));
  const supports = parts.map(
    ({ spectrum }) =>
      (column: number) =>
        column < dimension && spectrum?.[column] !== 0,
  );
  return (row) => {
    const p = starts.findLastIndex((start) => start <= row);
    const [of, from] = [supports[p]!, parts[p]!.samples ? row - starts[p]! : 0];
    return from === 0 ? of : (column) => column >= from && of(column);
  };
}

/**
 * Rank of a matrix of independent continuous entries where rows have them and of zeros elsewhere, almost surely: the largest
 * matching of rows to columns.
 */
export function genericRank(rows: readonly Support[], columns: number): number {
  const owner = new Array<number>(columns).fill(-1);
  const place = (row: number, tried: Set<number>): boolean => {
    for (let column = 0; column < columns; column++) {
      if (tried.has(column) || !rows[row]!(column)) continue;
      tried.add(column);
      if (owner[column]! < 0 || place(owner[column]!, tried)) {
        owner[column] = row;
        return true;
      }
    }
    return false;
  };
  // Rows of a support that has found no place once find none later.
  const full = new Set<Support>();
  let rank = 0;
  for (let row = 0; row < rows.length && rank < columns; row++) {
    if (full.has(rows[row]!)) continue;
    if (place(row, new Set())) rank++;
    else full.add(rows[row]!);
  }
  return rank;
}
