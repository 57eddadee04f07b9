import JSON5 from 'json5';
import type { JsonObject, JsonValue } from './experiment.ts';
import { ExperimentError } from './problem.ts';

/** True for what JSON calls an object: neither null nor a list. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Reads the text of an experiment file; says nothing yet about its keys. */
export function readJson5(text: string): JsonObject {
  const value = parseJson5(text);
  if (isObject(value)) return value;
  throw new ExperimentError([{ path: '', message: `found ${show(value)}, need an object { name: …, regime: …, … }` }]);
}

function parseJson5(text: string): unknown {
  try {
    return JSON5.parse(text);
  } catch (error) {
    throw new ExperimentError([{ path: '', message: syntaxMessage(error) }]);
  }
}

/** JSON5 says `JSON5: invalid character 'x' at 3:5` and carries the place as two numbers. */
function syntaxMessage(error: unknown): string {
  const { lineNumber, columnNumber, message } = error as Error & { lineNumber?: number; columnNumber?: number };
  const reason = message.replace(/^JSON5: /, '').replace(/ at \d+:\d+$/, '');
  return lineNumber === undefined ? `not JSON5: ${reason}` : `not JSON5 at ${lineNumber}:${columnNumber}: ${reason}`;
}

const shown = 60;

/** A value as the reader of an error message should see it, cut to a readable length. */
export function show(value: unknown): string {
  const text = typeof value === 'number' ? String(value) : (JSON5.stringify(value) ?? String(value));
  return text.length <= shown ? text : `${text.slice(0, shown - 1)}…`;
}

/** Equality of JSON values; the order of keys does not count. */
export function equalJson(a: JsonValue | undefined, b: JsonValue | undefined): boolean {
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((x, i) => equalJson(x, b[i]));
  if (!isObject(a) || !isObject(b)) return a === b;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((k) => Object.hasOwn(b, k) && equalJson(a[k], b[k]));
}
