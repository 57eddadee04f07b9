import { z } from 'zod';
import type { Finding } from './check.ts';
import type { Expansion } from './expansion.ts';
import type { JsonObject, Relation } from './experiment.ts';
import { finite, positive } from './numbers.ts';
import { place, placeOf } from './place.ts';
import { unknownName } from './problem.ts';
import { line } from './text.ts';

/** Relations of a panel, and cells that one is about. */
const mostRelations = 100;
const mostTerms = 20;

const entry = z.strictObject({
  at: place.prefault({}).describe('the cell that is compared, as in expected'),
  says: line().describe('what the sum is: a rule of thumb, a ratio that the publication states'),
  sum: z
    .array(
      z.strictObject({
        panel: line().optional().describe('panel of the cell; default: this one'),
        at: place.prefault({}).describe('the cell'),
        times: finite().default(1).describe('what its mean is multiplied by'),
      }),
    )
    .min(1, { error: 'at least one cell' })
    .max(mostTerms, { error: `at most ${mostTerms} cells` })
    .describe('cells of the same run whose means, added up, should be that of the cell'),
  within: positive().describe('how far it may be off, relative to the sum'),
});

/** What holds between cells of one run; no theorem, and no number of a run depends on it. */
export const relations = z
  .array(entry)
  .max(mostRelations, { error: `at most ${mostRelations} relations` })
  .describe('means that should be sums of others in the same run, which check compares');

export type RelationEntry = z.output<typeof entry>;

/** A panel by its name, and its cells. */
type Places = ReadonlyMap<string, Pick<Expansion, 'sweeps' | 'cells'>>;

/** Finds the cells that the relations of a panel are about, among those of all panels of the file. */
export function readRelations(entries: readonly RelationEntry[], own: string, panels: Places) {
  const findings: Finding[] = [];
  const cellAt = (panel: string, at: RelationEntry['at'], path: readonly (string | number)[]): number => {
    const there = panels.get(panel);
    const found = there ? placeOf(at, there.sweeps, there.cells) : unknownName('panel', panel, [...panels.keys()]);
    if (typeof found === 'number') return found;
    findings.push({ path: [...path, there ? 'at' : 'panel'], message: found });
    return 0;
  };
  const found = entries.map(
    ({ at, says, sum, within }, i): Relation => ({
      ...{ cell: cellAt(own, at, ['relations', i]), says, within },
      sum: sum.map(({ panel = own, at: where, times }, j) => ({
        ...{ panel, times },
        cell: cellAt(panel, where, ['relations', i, 'sum', j]),
      })),
    }),
  );
  return { findings, relations: found };
}

/** As a file would have them, defaults written out. */
export function relationForm(entries: readonly RelationEntry[]): JsonObject {
  if (entries.length === 0) return {};
  const termForm = ({ panel, at, times }: RelationEntry['sum'][number]): JsonObject => ({
    ...(panel !== undefined && { panel }),
    ...{ at, times },
  });
  return {
    relations: entries.map(({ at, says, sum, within }) => ({ at, says, sum: sum.map(termForm), within })),
  };
}
