import { z } from 'zod';
import type { Axis, JsonValue } from './experiment.ts';
import { show } from './json.ts';
import { finite, integer, needInsteadOf } from './numbers.ts';
import { linspace, logspace } from './spacing.ts';

/** The values of one axis make so many cells at least, and the cells of a file may not be more. */
export const mostCells = 20_000;

const mark: unique symbol = Symbol('sweep');

/** A number of the file that may be swept: what it becomes once the file is read. */
export interface Sweep {
  readonly [mark]: true;
  /** Distinct values in file order, at least one. */
  readonly values: readonly number[];
  readonly spacing: Axis['spacing'];
  /** Values asked for, equal ones among them. */
  readonly asked: number;
  /** As the author wrote it: a number, a list, `{ logspace }` or `{ linspace }`. */
  readonly written: JsonValue;
  /** Varies fastest and is an axis even where it takes one value: for the index of a chain of generations. */
  readonly innermost: boolean;
}

export function isSweep(value: unknown): value is Sweep {
  return typeof value === 'object' && value !== null && mark in value;
}

/** The type of parameters once every sweep has taken one of its values. */
export type Resolved<T> = T extends Sweep
  ? number
  : T extends readonly unknown[]
    ? T
    : T extends object
      ? { readonly [K in keyof T]: Resolved<T[K]> }
      : T;

/** Marks a number of a schema as sweepable: the file may give a number, a list, or a range. */
export function axis(inner: z.ZodNumber, { innermost = false } = {}) {
  return written(inner).transform((value, context): Sweep => {
    const common = { [mark]: true, spacing: spacingOf(value), written: value, innermost } as const;
    // Of a range the ends tell: between them are the others, which may take long to work out.
    const bad = valuesOf(endsOf(value), inner).find((x) => needInsteadOf(x, inner) !== null);
    if (bad !== undefined) {
      const message = `found ${show(value)}, which gives ${bad}, need ${needInsteadOf(bad, inner)}`;
      context.issues.push({ code: 'custom', message, input: value });
      return { ...common, values: [bad], asked: 1 };
    }
    const asked = valuesOf(value, inner);
    return { ...common, values: [...new Set(asked)], asked: asked.length };
  });
}

type Written = number | number[] | { logspace: Range } | { linspace: Range };
type Range = [first: number, last: number, count: number];

function written(inner: z.ZodNumber) {
  const list = z
    .array(inner)
    .min(1, { error: 'at least one value' })
    .max(mostCells, { error: `at most ${mostCells}` });
  const range = () => z.tuple([finite(), finite(), integer(1, mostCells)], { error: 'a list [first, last, count]' });
  const log = z.strictObject({ logspace: range().describe('decimal exponents of first and last, count') });
  const linear = z.strictObject({ linspace: range().describe('first, last, count') });
  const error = `${needInsteadOf(undefined, inner)}, or a list, { logspace: [a, b, count] } or { linspace: [a, b, count] } of them`;
  return z.union([inner, list, log, linear], { error });
}

function spacingOf(value: Written): Axis['spacing'] {
  if (typeof value === 'number' || Array.isArray(value)) return 'list';
  return 'logspace' in value ? 'log' : 'linear';
}

/** The first and the last alone. */
function endsOf(value: Written): Written {
  if (typeof value === 'number' || Array.isArray(value)) return value;
  const alone = ([first, last, count]: Range): Range => [first, last, Math.min(count, 2)];
  return 'logspace' in value ? { logspace: alone(value.logspace) } : { linspace: alone(value.linspace) };
}

/** Ranges of counts are rounded to integers; numbers written out are taken as they stand. */
function valuesOf(value: Written, inner: z.ZodNumber): readonly number[] {
  if (typeof value === 'number') return [value];
  if (Array.isArray(value)) return value;
  const values = 'logspace' in value ? logspace(...value.logspace) : linspace(...value.linspace);
  return inner.format === 'safeint' ? values.map((x) => Math.round(x) + 0) : values;
}
