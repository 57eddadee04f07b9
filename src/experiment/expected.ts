import { z } from 'zod';
import type { Finding } from './check.ts';
import type { Expansion, Request } from './expansion.ts';
import type { Expected, JsonObject } from './experiment.ts';
import { show } from './json.ts';
import { nonNegative, positive } from './numbers.ts';
import { place, placeOf } from './place.ts';
import { line } from './text.ts';

/** To what a mark on a logarithmic axis can be read; two digits of 1 to 9 are on the average as good. */
export const READING = 0.05;

/** How far a value that stands in place of the print may be off: it is worked out, not read off a plot. */
export const INSTEAD = 0.01;

/** Values that a panel may quote; nobody prints as many. */
const mostPrinted = 1000;

const entry = z.strictObject({
  at: place.describe('place: swept numbers by their dotted paths, to 2 %; those that take one value may be left out'),
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

/** As the file has it, defaults written out. */
function formOf(entry: Entry): JsonObject {
  return { at: entry.at, value: entry.value, within: entry.within, ...reserveOf(entry) };
}
