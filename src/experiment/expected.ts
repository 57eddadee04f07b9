import { z } from 'zod';
import type { PlacedSweep } from './cells.ts';
import type { Finding } from './check.ts';
import type { Expansion, Request } from './expansion.ts';
import type { Cell, Expected, JsonObject } from './experiment.ts';
import { show } from './json.ts';
import { finite, nonNegative, positive } from './numbers.ts';
import { unknownName } from './problem.ts';
import { line } from './text.ts';

/** To what a mark on a logarithmic axis can be read; two digits of 1 to 9 are on the average as good. */
export const READING = 0.05;

/** How far a value that stands in place of the print may be off: it is worked out, not read off a plot. */
export const INSTEAD = 0.01;

/** How far `at` may be from the value it means, relative to it: three digits read off an axis, not two neighbours of a grid. */
const PLACE = 0.02;

/** Values that a panel may quote; nobody prints as many. */
const mostPrinted = 1000;

const entry = z.strictObject({
  at: z
    .record(z.string(), finite(), { error: "an object { 'dotted.path': number, … }" })
    .describe('place: swept numbers by their dotted paths, to 2 %; those that take one value may be left out'),
  value: nonNegative().describe('test error as printed, or as read off the plot'),
  within: positive().default(READING).describe('how far the value may be off as it was read, relative to it'),
  misprint: line().optional().describe('why the print is wrong, where it is'),
  unsettled: line()
    .optional()
    .describe(
      'which settings the publication does not give, where the value hangs on them: it is shown but not held against',
    ),
  instead: z
    .union(
      [positive(), z.tuple([positive(), positive()], { error: 'a number above 0 or a pair [low, high] of them' })],
      {
        error: 'a number above 0 or a pair [low, high] of them',
      },
    )
    .optional()
    .describe(
      `what is right where the print is not, or what these settings give: held against to ${100 * INSTEAD} %, or between two numbers`,
    ),
});

/** Values of the publication, for `collapse check` and for the figure; no number of a run depends on them. */
export const expected = z
  .array(entry)
  .max(mostPrinted, { error: `at most ${mostPrinted} values` })
  .describe('values printed in the publication, which check compares with');

type Entry = z.output<typeof entry>;

/** Finds the cell of each printed value. */
export function readExpected(entries: readonly Entry[] = [], { sweeps, cells }: Expansion): Request {
  const places = entries.map(({ at }) => placeOf(at, sweeps, cells));
  const findings = places.flatMap((place, i): readonly Finding[] => [
    ...(typeof place === 'number' ? [] : [{ path: ['expected', i, 'at'], message: place }]),
    ...insteadFindings(entries[i]!, i),
  ]);
  const placed = places.flatMap((cell, i): Expected[] => {
    if (typeof cell !== 'number') return [];
    const { value, within } = entries[i]!;
    return [{ cell, value, within, ...reserveOf(entries[i]!) }];
  });
  if (entries.length === 0) return { findings, panel: {}, file: {} };
  return { findings, panel: { expected: placed }, file: { expected: entries.map(formOf) } };
}

/** What keeps a value from being held against the simulation, and what is held against instead. */
function reserveOf({ misprint, unsettled, instead }: Entry) {
  const given = Object.entries({ misprint, unsettled, instead }).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given) as Pick<Entry, 'misprint' | 'unsettled' | 'instead'> & JsonObject;
}

function insteadFindings({ misprint, unsettled, instead }: Entry, i: number): readonly Finding[] {
  const path = ['expected', i, 'instead'];
  if (instead === undefined) return [];
  if (misprint === undefined && unsettled === undefined)
    return [
      { path, message: 'found it without misprint or unsettled, need one that says why the print does not hold' },
    ];
  if (typeof instead === 'number' || instead[0] < instead[1]) return [];
  return [{ path, message: `found ${show(instead)}, need the lower number first` }];
}

/** Index of the one cell that is meant, or what is wrong with the place. */
function placeOf(at: Entry['at'], sweeps: readonly PlacedSweep[], cells: readonly Cell[]): number | string {
  const known = sweeps.map(({ path }) => path);
  const stray = Object.keys(at).find((path) => !known.includes(path));
  if (stray !== undefined) return unknownName('axis', stray, known);
  const missing = sweeps.find(({ path, sweep }) => sweep.values.length > 1 && !Object.hasOwn(at, path));
  if (missing) return `found ${show(at)}, which matches several cells, need ${show(missing.path)} too`;
  const nearest = new Map<string, number>();
  for (const { path, sweep } of sweeps) {
    const wanted = at[path];
    const value = wanted === undefined ? sweep.values[0]! : nearestTo(wanted, sweep.values);
    if (wanted !== undefined && Math.abs(value - wanted) > PLACE * Math.abs(wanted))
      return `found ${show(at)}, which matches no cell: ${path} is nearest at ${Number(value.toPrecision(6))}`;
    nearest.set(path, value);
  }
  return cells.findIndex((cell) => Object.entries(cell.at).every(([path, value]) => nearest.get(path) === value));
}

function nearestTo(wanted: number, values: readonly number[]): number {
  return values.reduce((best, value) => (Math.abs(value - wanted) < Math.abs(best - wanted) ? value : best));
}

/** As the file has it, defaults written out. */
function formOf(entry: Entry): JsonObject {
  return { at: entry.at, value: entry.value, within: entry.within, ...reserveOf(entry) };
}
