import JSON5 from 'json5';
import type { JsonObject, JsonValue } from './experiment.ts';
import { ExperimentError, shorten } from './problem.ts';

/** True for what JSON calls an object: neither null nor a list. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Levels of lists and objects within one another that a file may have: five times what any regime needs. */
const deepest = 32;

/** A file has kilobytes, one with a long list of eigenvalues more. Characters. */
const largestText = 4 * 2 ** 20;

/** Throws `ExperimentError` where lists and objects are nested deeper than any file needs, so that nothing later runs out of stack. */
export function assertShallow(value: unknown): void {
  let level: readonly unknown[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > deepest + 1) {
      const message = `found lists and objects more than ${deepest} levels deep, need at most ${deepest}`;
      throw new ExperimentError([{ path: '', message }]);
    }
    const nested: readonly object[] = level.filter((one) => typeof one === 'object' && one !== null);
    level = nested.flatMap((one): unknown[] => Object.values(one));
  }
}

/** Reads the text of an experiment file; says nothing yet about its keys. */
export function readJson5(text: string): JsonObject {
  if (text.length > largestText) {
    const message = `found a text of ${text.length} characters, need at most ${largestText}`;
    throw new ExperimentError([{ path: '', message }]);
  }
  const value = parseJson5(text);
  assertShallow(value);
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

/** A value as the reader of an error message should see it, cut to a readable length. */
export function show(value: unknown): string {
  return shorten(typeof value === 'number' ? String(value) : (JSON5.stringify(value) ?? String(value)));
}

/** Equality of JSON values; the order of keys does not count. */
export function equalJson(a: JsonValue | undefined, b: JsonValue | undefined): boolean {
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((x, i) => equalJson(x, b[i]));
  if (!isObject(a) || !isObject(b)) return a === b;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((k) => Object.hasOwn(b, k) && equalJson(a[k], b[k]));
}
