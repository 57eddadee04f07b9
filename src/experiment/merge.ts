import { z } from 'zod';
import type { JsonObject, JsonValue } from './experiment.ts';
import { equalJson, isObject } from './json.ts';

/**
 * How a panel overrides the base: key by key wherever the schema has a plain object; anything else, tagged unions and
 * sweeps among them, is replaced whole.
 */
export type Shape = z.core.$ZodShape;

/** The keys of a plain object schema, defaults and optionality aside; null for every other schema. */
export function shapeOf(schema: z.core.$ZodType | undefined): Shape | null {
  if (schema instanceof z.ZodObject) return schema.shape;
  const wrapped = schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault;
  return wrapped ? shapeOf(schema.def.innerType) : null;
}

/** Base with the patch laid over it. */
export function merge(base: JsonObject, patch: JsonObject, shape: Shape): JsonObject {
  const laid = Object.entries(patch).map(([key, value]) => {
    const below = Object.hasOwn(base, key) ? base[key] : undefined;
    const inner = shapeOf(shape[key]);
    return [key, inner && isObject(below) && isObject(value) ? merge(below, value, inner) : value] as const;
  });
  return Object.fromEntries([...Object.entries(base), ...laid]);
}

/** Whether a mistake at this place of the merged settings was made in the patch. */
export function patchOwns(path: readonly PropertyKey[], base: unknown, patch: JsonObject, shape: Shape): boolean {
  const [key, ...rest] = path;
  if (typeof key !== 'string' || !Object.hasOwn(patch, key)) return false;
  const [below, above, inner] = [isObject(base) ? base[key] : undefined, patch[key], shapeOf(shape[key])];
  if (rest.length > 0 && inner && isObject(below) && isObject(above)) return patchOwns(rest, below, above, inner);
  return true;
}

/** A base from which each part follows by a patch: it has the keys that all parts have, with the first part's values. */
export function common(parts: readonly JsonObject[], shapes: readonly Shape[]): JsonObject {
  const shared = Object.entries(parts[0]!).flatMap(([key, first]) => {
    if (!parts.every((part) => Object.hasOwn(part, key))) return [];
    const inner = shapes.map((shape) => shapeOf(shape[key])).filter((shape) => shape !== null);
    if (inner.length === 0) return [[key, first] as const];
    const values = parts.map((part) => part[key]);
    return values.every(isObject) ? [[key, common(values, inner)] as const] : [];
  });
  return Object.fromEntries(shared);
}

/** The patch that makes `whole` of `base`: `merge(base, difference(whole, base)) = whole`. */
export function difference(whole: JsonObject, base: JsonObject, shape: Shape): JsonObject {
  const changed = Object.entries(whole).flatMap(([key, value]): [string, JsonValue][] => {
    if (!Object.hasOwn(base, key)) return [[key, value]];
    const below = base[key];
    if (equalJson(value, below)) return [];
    const inner = shapeOf(shape[key]);
    return [[key, inner && isObject(value) && isObject(below) ? difference(value, below, inner) : value]];
  });
  return Object.fromEntries(changed);
}
