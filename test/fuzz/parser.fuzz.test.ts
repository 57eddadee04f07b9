import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { JsonObject, JsonValue } from '../../src/experiment/experiment.ts';
import { isObject, readJson5 } from '../../src/experiment/json.ts';
import { decodeLink, encodeLink, presetLink } from '../../src/experiment/link.ts';
import { applyOverrides } from '../../src/experiment/overrides.ts';
import { parseExperiment } from '../../src/experiment/parse.ts';
import { ExperimentError } from '../../src/experiment/problem.ts';
import { PlanError, planExperiment, REFERENCE_LIMITS } from '../../src/plan/plan.ts';
import { DeviceTooSmall } from '../../src/program/cost.ts';
import { regimes } from '../../src/regimes/index.ts';
import { samplers } from '../../src/samplers/index.ts';
import { fuzzCount } from '../support/fuzz.ts';

/*
 * Plan: whatever a file or a link says, the answer is an experiment or a refusal by one of our own errors, within a second.
 * - shipped files with some places changed to hostile values, and objects of no sense at all: read, planned, packed in a link and
 *   read again, which gives the same canonical file
 * - texts that are nearly links: decoded or refused
 * - nothing that an error says can steer a terminal
 * - reading any of them leaves Object.prototype as it was
 * Time is that of the process (user and system), the least of five tries: a machine with other work to do stretches neither much.
 */

const names = [...samplers.keys()];

/** Shipped files of few cells, so that most of the time goes into what is hostile; every regime is among them. */
const files = readdirSync('experiments')
  .map((name) => readJson5(readFileSync(`experiments/${name}`, 'utf8')))
  .filter((file) => parseExperiment(file, regimes).panels.reduce((sum, { cells }) => sum + cells.length, 0) <= 72);
const REFUSALS = [ExperimentError, PlanError, DeviceTooSmall];
const SECOND = 1e6;

const hostile: fc.Arbitrary<JsonValue> = fc.oneof(
  fc.constantFrom<JsonValue>(
    ...[0, -1, 1, 2, 0.5, 1e-300, 1e300, 2 ** 31, 2 ** 53, Number.MAX_VALUE, Number.NaN, Number.POSITIVE_INFINITY],
    ...[
      null,
      true,
      '',
      'auto',
      'as downstream',
      '__proto__',
      'constructor',
      'toString',
      '\u001b[2J',
      '\u202e',
      '\ud800',
    ],
    ...[[], {}, [[]], [0, 1], [1, 1e9], { kind: 'sphere' }, { kind: '__proto__' }, { power: 'critical' }],
    ...[
      { logspace: [0, 6, 20_000] },
      { linspace: [1, 10_000, 10_000] },
      { logspace: [0, 400, 5] },
      { linspace: [1, 1, 20_000] },
    ],
    { perDimension: 1e12 },
  ),
  fc.double(),
  fc.integer(),
  fc.string(),
  fc.integer({ min: 0, max: 20_000 }).map((n) => n as JsonValue),
  fc
    .integer({ min: 1, max: 6000 })
    .map((depth) => Array.from({ length: depth }).reduce<JsonValue>((inner) => [inner], 1)),
  fc.jsonValue({ maxDepth: 3 }).map((value) => value as JsonValue),
);

const KEYS = [
  'dimension',
  'generations',
  'trials',
  'seed',
  'sampler',
  'panels',
  'name',
  'title',
  'regime',
  'figure',
  'expected',
  'relations',
  'fit',
];
const key = fc.oneof(
  fc.constantFrom(...KEYS, '__proto__', 'constructor', 'hasOwnProperty', '\u001b]0;x\u0007', ''),
  fc.string(),
);

/** Paths of everything in a file, as far down as any file goes. */
function placesOf(value: JsonValue, path: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== 'object' || value === null || path.length > 8) return [path];
  return [path, ...Object.entries(value).flatMap(([name, inner]) => placesOf(inner as JsonValue, [...path, name]))];
}

function changedAt(value: JsonValue, [first, ...rest]: readonly string[], to: JsonValue | undefined): JsonValue {
  if (first === undefined) return to ?? null;
  const inner = (below: JsonValue) => changedAt(below, rest, to);
  if (Array.isArray(value)) return value.map((item: JsonValue, i) => (String(i) === first ? inner(item) : item));
  if (!isObject(value)) return value;
  const entries = Object.entries(value).flatMap(([name, below]) =>
    name !== first
      ? [[name, below] as const]
      : rest.length === 0 && to === undefined
        ? []
        : [[name, inner(below)] as const],
  );
  return Object.fromEntries(entries);
}

const mutated = fc
  .tuple(
    fc.constantFrom(...files),
    fc.array(fc.tuple(fc.nat(), fc.option(hostile, { nil: undefined })), { minLength: 1, maxLength: 4 }),
  )
  .map(([file, changes]) =>
    changes.reduce<JsonValue>((now, [place, to]) => {
      const places = placesOf(now).slice(1);
      return places.length === 0 ? now : changedAt(now, places[place % places.length]!, to);
    }, file),
  );

const added = fc.tuple(fc.constantFrom(...files), key, hostile).map(([file, name, value]): JsonValue => {
  return Object.fromEntries([...Object.entries(file), [name, value]]);
});

const crowded = fc.tuple(fc.constantFrom(...files), fc.integer({ min: 1, max: 60 }), hostile).map(
  ([file, count, value]): JsonValue => ({
    ...file,
    panels: Array.from({ length: count }, (_, i) => ({ name: `p${i}`, generations: value })),
  }),
);

const senseless = fc.dictionary(key, hostile).map((value): JsonValue => value);

/** Microseconds that this process has worked for. */
function worked(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

/** Work beside it slows processor time too: the best of so many tries counts. */
const MOST_TRIES = 5;

/** Runs the work; what it throws must be a refusal of ours that no terminal obeys. */
async function refusedOr(work: () => unknown, said: unknown): Promise<void> {
  let seconds = Number.POSITIVE_INFINITY;
  for (let tries = 0; tries < MOST_TRIES && seconds > 1; tries++) seconds = Math.min(seconds, await once(work, said));
  if (seconds > 1) throw new Error(`took ${seconds} s for ${spelled(said)}`);
}

/** Seconds that it takes. */
async function once(work: () => unknown, said: unknown): Promise<number> {
  const before = worked();
  try {
    await work();
  } catch (error) {
    if (!REFUSALS.some((kind) => error instanceof kind))
      throw new Error(`raw ${error} for ${spelled(said)}`, { cause: error });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
    if (/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/u.test((error as Error).message))
      throw new Error(`control characters said for ${spelled(said)}`);
  }
  return (worked() - before) / SECOND;
}

async function roundTrip(file: JsonObject): Promise<void> {
  const experiment = parseExperiment(file, regimes, names);
  planExperiment(experiment, regimes, samplers, REFERENCE_LIMITS);
  const link = await decodeLink(await encodeLink(experiment.file));
  if (link.kind !== 'file') throw new Error('The link of a file names a preset.');
  expect(parseExperiment(link.file, regimes, names).file).toEqual(experiment.file);
}

const spelled = (value: unknown) => {
  try {
    return JSON.stringify(value).slice(0, 2000);
  } catch {
    return 'a value too deep to spell';
  }
};

const run = { seed: Number(process.env.COLLAPSE_FUZZ_SEED ?? 1), endOnFailure: true } as const;
const MINUTES = 60_000 * 30;

it('reads and plans any file, or refuses it, within a second', { timeout: MINUTES }, async () => {
  const any = fc.oneof({ weight: 5, arbitrary: mutated }, { weight: 2, arbitrary: added }, crowded, senseless);
  await fc.assert(
    fc.asyncProperty(any, (value) =>
      refusedOr(() => roundTrip(isObject(value) ? value : readJson5(String(value))), value),
    ),
    { ...run, numRuns: fuzzCount(40_000) },
  );
  expect(Object.keys(Object.prototype)).toEqual([]);
});

it('reads any link, or refuses it, within a second', { timeout: MINUTES }, async () => {
  const text = fc.oneof(
    fc.tuple(key, hostile).map(([path, value]) => presetLink('smoke', [`${path}=${spelled(value)}`])),
    fc
      .array(fc.tuple(key, key), { maxLength: 20 })
      .map((pairs) => `preset=smoke&${pairs.map(([a, b]) => `${a}.${b}=1`).join('&')}`),
    fc.string().map((damage) => `s=${damage}`),
    fc.base64String().map((bytes) => `s=${bytes}`),
    fc.tuple(fc.constantFrom('https://x/#', '?', '#', ''), fc.string()).map(([head, tail]) => head + tail),
  );
  const read = async (link: string) => {
    const found = await decodeLink(link);
    const smoke = files.find(({ name }) => name === 'smoke')!;
    await roundTrip(applyOverrides(found.kind === 'file' ? found.file : smoke, found.overrides));
  };
  await fc.assert(
    fc.asyncProperty(text, (link) => refusedOr(() => read(link), link)),
    { ...run, numRuns: fuzzCount(10_000) },
  );
  expect(Object.keys(Object.prototype)).toEqual([]);
});
