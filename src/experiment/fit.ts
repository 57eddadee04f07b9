import { z } from 'zod';
import type { PlacedSweep } from './cells.ts';
import type { Finding } from './check.ts';
import type { FitRequest, JsonObject } from './experiment.ts';
import { finite, positive } from './numbers.ts';
import { unknownName } from './problem.ts';

/** How much the slope that is to be found may vary within the window, by default. */
export const TOLERANCE = 0.05;

const place = z.record(z.string(), finite(), { error: "an object { 'dotted.path': number, … }" });

const ends = z
  .tuple([positive(), positive()], { error: 'a list [T_low, T_high] of two numbers above 0' })
  .refine(([low, high]) => low < high, { error: 'two numbers above 0, the smaller one first' });

/** Exponents that a panel may ask for. */
const mostFits = 200;

const entry = z.strictObject({
  window: ends.optional().describe('first and last T of the fit; default: the whole curve'),
  at: place.prefault({}).describe('swept numbers of the curves that are meant, by their dotted paths; default: all'),
  over: place
    .optional()
    .describe('fits what a curve adds to the one where these numbers are changed, for instance { generations: 0 }'),
  tolerance: positive()
    .default(TOLERANCE)
    .describe('refuses the fit where the slope of the theory varies by more within the window'),
});

/** Exponents of the test error in T that a run fits; no number of a cell depends on them. */
export const fit = z
  .union([entry, z.array(entry).max(mostFits, { error: `at most ${mostFits} fits` })], {
    error: 'an object { window, at, over, tolerance } or a list of them',
  })
  .describe('exponents to fit: slope of log E against log T, with its interval, theory and theorem beside it');

export function fitRequests(asked: z.output<typeof fit> | undefined): readonly FitRequest[] {
  if (asked === undefined) return [];
  const list = Array.isArray(asked) ? asked : [asked];
  return list.map(({ window, at, over, tolerance }) => ({
    window: window ? [window[0], window[1]] : null,
    at,
    over: over ?? null,
    tolerance,
  }));
}

/** Names of numbers that are not swept, or that the file does not give. */
export function fitFindings(requests: readonly FitRequest[], sweeps: readonly PlacedSweep[]): readonly Finding[] {
  const known = sweeps.map(({ path }) => path);
  return requests.flatMap(({ at, over }, i) =>
    Object.entries({ at, over: over ?? {} }).flatMap(([key, where]) =>
      Object.keys(where)
        .filter((path) => !known.includes(path))
        .map((path) => ({ path: ['fit', i, key], message: unknownName('axis', path, known) })),
    ),
  );
}

/** As a file would have them, defaults written out. */
export function fitForm(requests: readonly FitRequest[]): JsonObject {
  if (requests.length === 0) return {};
  const form = ({ window, at, over, tolerance }: FitRequest): JsonObject => ({
    ...(window === null ? {} : { window }),
    at,
    ...(over === null ? {} : { over }),
    tolerance,
  });
  return { fit: requests.map(form) };
}
