import { z } from 'zod';
import { expected } from './expected.ts';
import { TERMS } from './experiment.ts';
import { fit } from './fit.ts';
import { finite, integer } from './numbers.ts';
import { unknownName } from './problem.ts';
import { relations } from './relation.ts';
import { line } from './text.ts';

/** The keys of a file that do not depend on the regime. */

/** Names become file names and parts of dotted paths. File systems take 255 bytes, of which a suffix and a draft's mark need some. */
const longestName = 100;
const named = 'a name of letters, digits, - and _, the first a letter or digit';

/** Windows opens a device by these, whatever suffix follows. */
const DEVICE = /^(con|prn|aux|nul|com\d|lpt\d)$/i;

const name = z
  .string({ error: named })
  .max(longestName, { error: `a name of at most ${longestName} characters` })
  .regex(/^[A-Za-z0-9][A-Za-z0-9_-]*$/, { error: named })
  .refine((text) => !DEVICE.test(text), {
    error: ({ input }) => `found ${input}, which Windows keeps for a device, need another name`,
  });

/** Lists that say how something is drawn or compared. */
const mostLevels = 100;

const source = z
  .strictObject({
    arxiv: line().describe('arXiv number with or without version, for instance 2402.07712'),
    figure: line().optional().describe('number of the published figure'),
  })
  .describe('where the published figure stands');

const figure = z
  .strictObject({
    x: z.string().optional().describe('dotted path of the swept number along x'),
    series: z.string().optional().describe('dotted path of the swept number that makes the series'),
    facet: z
      .string()
      .optional()
      .describe(
        'dotted path of the swept number that has a frame for each value, or none, or auto (default): what one frame cannot hold',
      ),
    y: z
      .enum(['error', ...TERMS])
      .optional()
      .describe(
        'test error, or its part due to ridge and inputs, last label noise, or what is wrong with the models that label',
      ),
    levels: z
      .array(z.strictObject({ y: finite().describe('the error'), label: line().describe('its name') }))
      .max(mostLevels, { error: `at most ${mostLevels} levels` })
      .optional()
      .describe('errors to mark by a line across the figure'),
    errors: z.enum(['log', 'linear']).optional().describe('scale of the errors; default log'),
  })
  .describe('default: x is the first number that varies, series the generations');

/** Keys that only the base has. */
export const headShape = {
  $schema: z.string().optional().describe('for editors; ignored'),
  name: name.describe('names the folder of the results'),
  title: line().optional().describe('default: the name'),
  source: source.optional(),
};

export const panelName = name.describe('names the file of the figure');

/** `samplers` empty accepts any name. */
export function settingsShape(regimes: readonly string[], samplers: readonly string[]) {
  const sampler = samplers.length === 0 ? z.string() : oneOf('sampler', [...new Set(['auto', ...samplers])]);
  return {
    regime: oneOf('regime', regimes).describe('generation scheme'),
    trials: integer(1).default(1000).describe('Monte-Carlo trials per cell'),
    seed: integer(0, Number.MAX_SAFE_INTEGER).default(1).describe('of all random numbers, from 0 to 2^53 - 1'),
    sampler: sampler.default('auto').describe('how a trial is drawn; auto takes the cheapest exact one'),
    figure: figure.optional(),
    expected: expected.optional(),
    relations: relations.optional(),
    fit: fit.optional(),
  };
}

/** Not an enum of the schema, whose error could not name the nearest. */
function oneOf(what: string, known: readonly string[]) {
  return z
    .string({ error: known.map((name) => JSON.stringify(name)).join(' or ') })
    .refine((name) => known.includes(name), { error: ({ input }) => unknownName(what, String(input), known) })
    .meta({ enum: [...known] });
}
