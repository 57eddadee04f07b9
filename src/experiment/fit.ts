import { z } from 'zod';
import type { Finding, Path } from './check.ts';
import type { Expansion, Request } from './expansion.ts';
import type { FitRequest, JsonObject } from './experiment.ts';
import { positive } from './numbers.ts';
import { place } from './place.ts';
import { unknownName } from './problem.ts';

/** How much the slope that is to be found may vary within the window, by default. */
export const TOLERANCE = 0.05;

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

export function readFits(asked: z.output<typeof fit> = [], { sweeps }: Expansion): Request {
  const entries = Array.isArray(asked) ? asked : [asked];
  const known = sweeps.map(({ path }) => path);
  const findings = entries.flatMap((one, i) => unknownNames(one, ['fit', i], known));
  if (entries.length === 0) return { findings, panel: {}, file: {} };
  return { findings, panel: { fit: entries.map(requestOf) }, file: { fit: entries.map(formOf) } };
}

type Entry = z.output<typeof entry>;

function requestOf({ window, at, over, tolerance }: Entry): FitRequest {
  return { window: window ?? null, at, over: over ?? null, tolerance };
}

/** As a file would have it, defaults written out. */
function formOf({ window, at, over, tolerance }: Entry): JsonObject {
  return { ...(window && { window }), at, ...(over && { over }), tolerance };
}

/** Names of numbers that are not swept, or that the file does not give. */
function unknownNames({ at, over = {} }: Entry, place: Path, known: readonly string[]): readonly Finding[] {
  return Object.entries({ at, over }).flatMap(([key, where]) =>
    Object.keys(where)
      .filter((path) => !known.includes(path))
      .map((path) => ({ path: [...place, key], message: unknownName('axis', path, known) })),
  );
}
