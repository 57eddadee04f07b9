import type { z } from 'zod';
import { show } from './json.ts';
import { type Problem, unknownName } from './problem.ts';
import { meantBy } from './symbols.ts';

export type Path = readonly PropertyKey[];

/** A problem whose place is still a list of keys, so that it can be traced to the base or to a panel. */
export interface Finding {
  readonly path: Path;
  readonly message: string;
}

export type Checked<T> = { readonly value: T } | { readonly findings: readonly Finding[] };

/** Unknown keys of one place that are told: to look for the nearest known one takes time. */
export const mostUnknown = 20;

/** Holds a value against a schema; says in the house form what is wrong with it. */
export function check<S extends z.ZodType>(schema: S, value: unknown): Checked<z.output<S>> {
  const result = schema.safeParse(value, { error: wording });
  if (result.success) return { value: result.data };
  return { findings: result.error.issues.flatMap((issue) => findings(issue, value)) };
}

/** `downstream.samples`, `generations[1]`. */
function dotted(path: Path): string {
  return path
    .map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`))
    .join('')
    .replace(/^\./, '');
}

export function located({ path, message }: Finding): Problem {
  return { path: dotted(path), message };
}

/** What is allowed, where a schema does not say it itself. Unknown keys: one line for each, in the order of `keys`. */
function wording(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'unrecognized_keys': {
      const { shape } = issue.inst as z.ZodObject;
      const known = Object.keys(shape);
      return issue.keys
        .slice(0, mostUnknown)
        .map((key) => unknownName('key', key, known, meantBy(key, shape)))
        .join('\n');
    }
    case 'invalid_type':
      return expected[issue.expected] ?? issue.expected;
    case 'invalid_value':
      return issue.values.map(show).join(' or ');
    default:
      return undefined;
  }
}

const expected: Readonly<Record<string, string>> = {
  object: 'an object',
  array: 'a list',
  string: 'a text in quotes',
  boolean: 'true or false',
};

function findings(issue: z.core.$ZodIssue, root: unknown): Finding[] {
  return innermost(issue, root).flatMap((found) => {
    if (found.code !== 'unrecognized_keys')
      return [{ path: found.path, message: sentence(found, valueAt(root, found.path)) }];
    const lines = found.message.split('\n');
    return found.keys.slice(0, mostUnknown).map((key, i) => ({ path: [...found.path, key], message: lines[i]! }));
  });
}

function sentence(issue: z.core.$ZodIssue, found: unknown): string {
  if (issue.code === 'custom') return issue.message;
  if (issue.code === 'invalid_union' && 'options' in issue && issue.options) {
    const options = issue.options.map(String);
    if (typeof found === 'string') return unknownName(issue.discriminator ?? 'name', found, options);
    return missingOr(found, options.map(show).join(', '));
  }
  return missingOr(found, issue.message);
}

function missingOr(found: unknown, need: string): string {
  return found === undefined ? `missing, need ${need}` : `found ${show(found)}, need ${need}`;
}

/**
 * A union fails with the failures of all its members. If the value clearly was meant as one of them, that member's
 * failures are the useful ones; otherwise the union's own sentence, which names all members, is. Of a missing value only
 * the first and simplest member is told.
 */
function innermost(issue: z.core.$ZodIssue, root: unknown): z.core.$ZodIssue[] {
  if (issue.code !== 'invalid_union') return [issue];
  const missing = valueAt(root, issue.path) === undefined;
  for (const member of issue.errors) {
    const inside = member
      .map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] }))
      .flatMap((inner) => innermost(inner, root));
    if (missing) return inside;
    if (inside.length > 0 && !inside.some((i) => i.path.length === issue.path.length && wrongKind(i, root)))
      return inside;
  }
  return [issue];
}

function wrongKind(issue: z.core.$ZodIssue, root: unknown): boolean {
  if (issue.code === 'unrecognized_keys' || issue.code === 'invalid_union') return true;
  if (issue.code !== 'invalid_type') return false;
  // A fraction where an integer is needed, or an infinity, was still meant as a number.
  const wantsNumber = issue.expected === 'number' || issue.expected === 'int';
  return !(wantsNumber && typeof valueAt(root, issue.path) === 'number');
}

function valueAt(root: unknown, path: Path): unknown {
  let value: unknown = root;
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Readonly<Record<PropertyKey, unknown>>)[key];
  }
  return value;
}
