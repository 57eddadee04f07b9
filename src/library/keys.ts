import { z } from 'zod';
import { headShape, settingsShape } from '../experiment/envelope.ts';
import type { JsonObject, JsonValue } from '../experiment/experiment.ts';
import { isObject } from '../experiment/json.ts';
import { keysOf } from '../experiment/symbols.ts';
import { regimes } from '../regimes/index.ts';
import { labelOf } from '../report/labels.ts';
import { markdownLine } from '../report/table-formats.ts';
import { samplers } from '../samplers/index.ts';

/** A key of experiment files, as it stands in some regimes. */
export interface KeyEntry {
  /** Dotted. */
  readonly path: string;
  /** In figures and papers; empty where it has none. */
  readonly symbol: string;
  readonly description: string;
  /** Which values it takes, in words. */
  readonly values: string;
  /** Whether a list or a range of it is a sweep. */
  readonly swept: boolean;
  /** As JSON; null where it must be given or may be absent. */
  readonly preset: string | null;
  /** Names of the regimes that have it so; empty: all. */
  readonly regimes: readonly string[];
}

/** Every key, those of all regimes first, alphabetically; a key that regimes have in different ways is there once for each way. */
export function experimentKeys(): readonly KeyEntry[] {
  const common = entriesOf(z.object({ ...headShape, ...settingsShape([...regimes.keys()], [...samplers.keys()]) }));
  const found = new Map<string, Omit<KeyEntry, 'regimes'> & { readonly regimes: string[] }>();
  for (const { name, parameters } of regimes.values())
    for (const entry of entriesOf(parameters)) {
      const key = JSON.stringify(entry);
      const known = found.get(key) ?? { ...entry, regimes: [] };
      known.regimes.push(name);
      found.set(key, known);
    }
  const own = [...found.values()].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  return [...common.map((entry) => ({ ...entry, regimes: [] })), ...own];
}

/** Keys that a text names: a path, the end of one, or a symbol. */
export function keysNamed(name: string): readonly KeyEntry[] {
  const all = experimentKeys();
  const exact = all.filter(({ path }) => path === name);
  if (exact.length > 0) return exact;
  const near = all.filter(
    ({ path, symbol }) => path.endsWith(`.${name}`) || path.startsWith(`${name}.`) || symbol === name,
  );
  if (near.length > 0) return near;
  return keysOf(name).flatMap((key) => all.filter(({ path }) => path === key || path.endsWith(`.${key}`)));
}

type Entry = Omit<KeyEntry, 'regimes'>;

function entriesOf(schema: z.ZodType): readonly Entry[] {
  return within(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonObject, '');
}

/** The keys below a node; those of all kinds of a union, each path and wording once. */
function within(node: JsonObject, prefix: string): readonly Entry[] {
  const entries = branches(node).flatMap(({ properties }) =>
    isObject(properties)
      ? Object.entries(properties).flatMap(([key, value]) => (isObject(value) ? below(value, prefix + key) : []))
      : [],
  );
  const kinds = branches(node).flatMap(({ properties }) => {
    const kind = isObject(properties) ? properties.kind : undefined;
    return isObject(kind) && kind.const !== undefined ? [String(kind.const)] : [];
  });
  const rest = entries.filter(({ path }) => !(kinds.length > 0 && path === `${prefix}kind`));
  const all = kinds.length > 0 ? [entry({ enum: kinds } as JsonObject, `${prefix}kind`), ...rest] : rest;
  return [...new Map(all.map((one) => [JSON.stringify(one), one])).values()];
}

/** An object is its keys; what may be a number or an object is both. */
function below(node: JsonObject, path: string): readonly Entry[] {
  const inner = isSweep(node) && !hasOtherObject(node) ? [] : within(node, `${path}.`);
  const isPlain = inner.length > 0 && branches(node).every(({ type }) => type === 'object');
  return isPlain ? inner : [entry(node, path), ...inner];
}

const isRange = ({ properties }: JsonObject) =>
  isObject(properties) && ('logspace' in properties || 'linspace' in properties);
const hasOtherObject = (node: JsonObject) => branches(node).some((one) => one.type === 'object' && !isRange(one));
const isSweep = (node: JsonObject) => branches(node, true).some(isRange);

/** The members of a union, of unions in it too; ranges of sweeps are told apart elsewhere. */
function branches(node: JsonObject, ranges = false): readonly JsonObject[] {
  const members = node.anyOf ?? node.oneOf;
  if (!Array.isArray(members)) return ranges || !isRange(node) ? [node] : [];
  return members.filter(isObject).flatMap((member) => branches(member, ranges));
}

function entry(node: JsonObject, path: string): Entry {
  const swept = isSweep(node);
  const texts = branches(node)
    .filter((one) => !(swept && one.type === 'array'))
    .map(valuesOf)
    .filter((text) => text !== '');
  return {
    path,
    symbol: labelOf(path).symbol === path ? '' : labelOf(path).symbol,
    description: typeof node.description === 'string' ? node.description : '',
    values: [...new Set(texts)].join(', or '),
    swept,
    preset: node.default === undefined ? null : JSON.stringify(node.default),
  };
}

function valuesOf(node: JsonObject): string {
  if (Array.isArray(node.enum)) return node.enum.map((one) => JSON.stringify(one)).join(' or ');
  if (node.const !== undefined) return JSON.stringify(node.const);
  switch (node.type) {
    case 'integer':
    case 'number':
      return numbersOf(node);
    case 'boolean':
      return 'true or false';
    case 'string':
      return 'text';
    case 'array':
      return 'list';
    case 'object':
      return 'object';
    default:
      return '';
  }
}

function numbersOf({ type, minimum, maximum, exclusiveMinimum, exclusiveMaximum }: JsonObject): string {
  const what = type === 'integer' ? 'integer' : 'number';
  const bound = (sign: string, value: JsonValue | undefined) =>
    typeof value === 'number' && Math.abs(value) < Number.MAX_SAFE_INTEGER ? [`${sign} ${value}`] : [];
  const bounds = [
    ...bound('≥', minimum),
    ...bound('>', exclusiveMinimum),
    ...bound('≤', maximum),
    ...bound('<', exclusiveMaximum),
  ];
  return [what, ...bounds].join(' ');
}

/** docs/experiment-file.md. */
export function keysPage(): string {
  const all = experimentKeys();
  const table = (entries: readonly KeyEntry[], withRegimes: boolean) => {
    const head = ['key', 'symbol', 'what it is', 'values', 'default', ...(withRegimes ? ['regimes'] : [])];
    const rows = entries.map(({ path, symbol, description, values, swept, preset, regimes: names }) => [
      `\`${path}\``,
      symbol,
      description,
      `${values}${swept ? ' *' : ''}`,
      preset === null ? '' : `\`${preset}\``,
      ...(withRegimes ? [names.length === regimes.size ? 'all' : names.map((name) => `\`${name}\``).join(', ')] : []),
    ]);
    return [head, head.map(() => '---'), ...rows].map(markdownLine).join('\n');
  };
  return `${HEAD}
## Of every experiment

${table(
  all.filter(({ regimes: names }) => names.length === 0),
  false,
)}

## Of regimes

${table(
  all.filter(({ regimes: names }) => names.length > 0),
  true,
)}
`;
}

const HEAD = `# The experiment file

One JSON5 file is one experiment: comments, no quotes about keys, a comma behind the last value. \`collapse init mine.json5\` writes one to begin with, \`collapse help KEY\` says of a key what stands
here, and \`collapse schema\` is what editors complete from. Numbers with a star are swept where a list stands for them, or a range: \`{ linspace: [first, last, count] }\`,
\`{ logspace: [exponent of first, of last, count] }\`. Panels lay their own values over those of the file, key by key. Errors are \`||w - w0||²\` under the covariance of the test inputs, all other
numbers without unit.

This page is written from the schema (\`npx vitest run test/library/keys.test.ts -u\`).
`;
