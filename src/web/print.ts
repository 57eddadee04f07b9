import JSON5 from 'json5';
import type { JsonObject, JsonValue } from '../experiment/experiment.ts';
import { isObject } from '../experiment/json.ts';

const WIDTH = 40;

/** A file as JSON5 for people: what fits on a line stays on it. */
export function printFile(file: JsonObject): string {
  return print(file, 0);
}

/** One value on one line. */
export function printValue(value: JsonValue): string {
  if (Array.isArray(value)) return `[${value.map(printValue).join(', ')}]`;
  if (!isObject(value)) return JSON5.stringify(value);
  const entries = Object.entries(value).map(([key, inner]) => `${keyText(key)}: ${printValue(inner)}`);
  return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
}

function print(value: JsonValue, depth: number): string {
  const line = printValue(value);
  const whole = depth > 0 && 2 * depth + line.length < WIDTH;
  if (whole || typeof value !== 'object' || value === null) return line;
  const indent = '  '.repeat(depth + 1);
  const end = `\n${'  '.repeat(depth)}`;
  if (Array.isArray(value)) {
    return `[${value.map((item: JsonValue) => `\n${indent}${print(item, depth + 1)},`).join('')}${end}]`;
  }
  const entries = Object.entries(value).map(
    ([key, inner]) => `\n${indent}${keyText(key)}: ${print(inner, depth + 1)},`,
  );
  return `{${entries.join('')}${end}}`;
}

function keyText(key: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(key) ? key : JSON5.stringify(key);
}
