import { z } from 'zod';
import { type JsonObject, type JsonValue, TERMS } from '../experiment/experiment.ts';
import type { BesideTheory, CellResult, Results } from '../experiment/results.ts';
import { forEachStatistic, type StatisticKey } from '../statistics/summary.ts';

/** A `results.json` that does not have the shape of one: says where, what stands there, and what should. */
export class ResultsError extends Error {
  override readonly name = 'ResultsError';
}

/** Raised when a reader of the former format would misread the file. */
const FORMAT = 1;

/** The text of `results.json`: two-space JSON, keys in the order of the contract, NaN and infinities as null. */
export function resultsJson({ experiment, manifest, panels }: Results): string {
  const ordered = panels.map(({ name, cells, fits }) => ({
    name,
    cells: cells.map(orderedCell),
    ...(fits ? { fits } : {}),
  }));
  return `${jsonOf({ format: FORMAT, experiment, manifest, panels: ordered }, 2)}\n`;
}

/** JSON as every file has it; `JSON.stringify` itself writes NaN and infinities as null. */
export function jsonOf(value: unknown, indent?: number): string {
  return JSON.stringify(value, null, indent);
}

function orderedCell({ at, trials, failed, sampler, terms, ...statistics }: CellResult) {
  const parts = terms && Object.fromEntries(TERMS.map((term) => [term, orderedTerm(terms[term])]));
  return { at, trials, failed, sampler, ...ordered(statistics), ...(parts ? { terms: parts } : {}) };
}

function orderedTerm({ trials, failed, ...statistics }: BesideTheory) {
  return { trials, failed, ...ordered(statistics) };
}

function ordered({ theory, z, ...statistics }: Omit<BesideTheory, 'trials' | 'failed'>) {
  const source = theory === null ? null : { value: theory.value, source: theory.source };
  return { ...forEachStatistic((key) => statistics[key]), theory: source, z };
}

/** Reads `results.json` back; throws a `ResultsError` that names every wrong place. `where` names the file. */
export function parseResults(text: string, where = 'results.json'): Results {
  let raw: unknown;
  try {
    raw = JSON.parse(text, (key, value) => withoutPrototypes(key, value, where));
  } catch (error) {
    if (error instanceof ResultsError) throw error;
    throw new ResultsError(`${where} is not JSON: ${error instanceof Error ? error.message : error}`);
  }
  const format = formatOf(raw);
  if (typeof format === 'number' && format > FORMAT)
    throw new ResultsError(
      `${where} has format ${format}, this version reads up to ${FORMAT}: use a newer collapse-lab.`,
    );
  const parsed = RESULTS.safeParse(raw, { reportInput: true });
  if (parsed.success) {
    const { format: _, ...results } = parsed.data;
    return results;
  }
  const problems = parsed.error.issues.map((issue) => `  ${place(issue.path)}: ${issue.message}${found(issue.input)}`);
  throw new ResultsError(`${where} is not the results of a run:\n${problems.join('\n')}`);
}

/** A key that would be lost, or worse, when the file is read: no run writes it. */
function withoutPrototypes(key: string, value: unknown, where: string): unknown {
  if (key === '__proto__') throw new ResultsError(`${where} has a key "__proto__", which no run writes.`);
  return value;
}

function formatOf(raw: unknown): unknown {
  return typeof raw === 'object' && raw !== null && 'format' in raw ? raw.format : undefined;
}

/** `panels[0].cells[3].mean`; dotted axis paths in quotes. */
function place(path: readonly PropertyKey[]): string {
  const parts = path.map((key) => {
    if (typeof key === 'number') return `[${key}]`;
    return String(key).includes('.') ? `['${String(key)}']` : `.${String(key)}`;
  });
  return parts.join('').replace(/^\./, '') || 'the whole file';
}

function found(input: unknown): string {
  if (input === undefined) return '';
  const text = JSON.stringify(input) ?? String(input);
  return `, found ${text.length > 40 ? `${text.slice(0, 40)}…` : text}`;
}

const count = z.number().int().nonnegative();

/** null stands for a number that does not exist. */
const statistic = z
  .number()
  .nullable()
  .transform((value) => value ?? Number.NaN);

/** Statistics that the first version wrote; any later one may be absent, which is NaN. */
const inEveryFile: ReadonlySet<StatisticKey> = new Set(['mean', 'sem', 'sd', 'median', 'q05', 'q95']);

const json: z.ZodType<JsonValue> = z.lazy(() =>
  z.union([z.null(), z.boolean(), z.number(), z.string(), z.array(json), z.record(z.string(), json)]),
);

const BESIDE_THEORY = z.strictObject({
  trials: count,
  failed: count,
  ...forEachStatistic((key) => (inEveryFile.has(key) ? statistic : statistic.prefault(null))),
  theory: z.strictObject({ value: z.number(), source: z.string() }).nullable(),
  z: z.number().nullable(),
});

const CELL = z.strictObject({
  at: z.record(z.string(), z.number()),
  sampler: z.string(),
  ...BESIDE_THEORY.shape,
  terms: z.strictObject({ bias: BESIDE_THEORY, variance: BESIDE_THEORY, collapse: BESIDE_THEORY }).optional(),
});

const PLACE = z.record(z.string(), z.number());

const RESAMPLED = z.strictObject({ value: z.number(), low: z.number(), high: z.number(), error: z.number() });

const FIT = z.strictObject({
  at: PLACE,
  over: PLACE.nullable(),
  window: z.tuple([z.number(), z.number()]).nullable(),
  points: count,
  trials: count,
  theory: z.strictObject({ slope: z.number(), allowance: statistic }).nullable(),
  theorem: z.strictObject({ exponent: z.number(), term: z.string(), source: z.string() }).nullable(),
  slope: RESAMPLED.nullable(),
  refused: z.string().nullable(),
  crossover: z
    .strictObject({ theory: z.number(), interpolated: z.number().nullable(), simulated: RESAMPLED.nullable() })
    .nullable(),
});

const ADAPTER = z.strictObject({
  vendor: z.string(),
  architecture: z.string(),
  device: z.string(),
  description: z.string(),
  software: z.boolean(),
  features: z.array(z.string()),
  subgroup: z.number().optional(),
  limits: z.record(z.string(), z.number()),
});

const MANIFEST = z.strictObject({
  version: z.string(),
  commit: z.string().nullable(),
  backend: z.enum(['node', 'chrome', 'firefox', 'reference']),
  adapter: ADAPTER.nullable(),
  driver: z.string(),
  tuning: z.string().optional(),
  resumed: z.array(z.strictObject({ adapter: z.string(), tuning: z.string().optional() })).optional(),
  shards: z.strictObject({ count, missing: z.array(count).optional() }).optional(),
  certificate: z
    .strictObject({ trials: count, seed: count, compared: count, beyond: count, misstated: count, ratio: z.number() })
    .optional(),
  samplers: z.record(z.string(), z.number()),
  seed: count,
  start: z.string(),
  end: z.string(),
  statuses: z.record(z.string(), count),
  independence: z.strictObject({ tests: count, independent: z.number().nonnegative() }).optional(),
});

const RESULTS = z.strictObject({
  // Absent in files of before it was written.
  format: z.literal(FORMAT).optional(),
  experiment: z.record(z.string(), json) as z.ZodType<JsonObject>,
  manifest: MANIFEST,
  panels: z.array(z.strictObject({ name: z.string(), cells: z.array(CELL), fits: z.array(FIT).optional() })),
}) satisfies z.ZodType<Results & { readonly format?: number | undefined }>;
