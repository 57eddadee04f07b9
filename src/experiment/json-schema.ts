import { z } from 'zod';
import { headShape, panelName, settingsShape } from './envelope.ts';
import type { JsonObject, JsonValue } from './experiment.ts';
import { isObject } from './json.ts';
import { type Shape, shapeOf } from './merge.ts';
import type { Scheme } from './scheme.ts';

/**
 * JSON Schema of a whole file, for editors: completion, units, and most of what `parseExperiment` checks. What occurs more than once stands in
 * `$defs`; with `inline` everything stands in its place, which for more than one regime is long.
 */
export function jsonSchema(
  regimes: ReadonlyMap<string, Scheme>,
  samplers: readonly string[] = [],
  { inline = false } = {},
): JsonObject {
  const schemes = [...regimes.values()];
  const own = settingsShape([...regimes.keys()], samplers);
  const shapes = schemes.map((scheme) => {
    const whole = { ...own, regime: own.regime.meta({ const: scheme.name }), ...scheme.parameters.shape };
    return { whole, patch: patchShape(whole) };
  });
  const patches = shapes.map(({ patch }) => z.strictObject({ name: panelName, ...patch }));
  const panels = z.array(z.union(patches)).min(1).describe('each overrides the base; default: one, main');
  // Where there are panels they may bring what the base lacks, the regime too.
  const files = shapes.flatMap(({ whole, patch }) => [
    z.strictObject({ ...headShape, ...whole }),
    z.strictObject({ ...headShape, ...patch, panels }),
  ]);
  const schema = z.toJSONSchema(z.union(files), { io: 'input', reused: inline ? 'inline' : 'ref' });
  return short(schema as unknown as JsonObject);
}

/** Nothing is required of a panel, nor of the plain objects in it, which merge with the base's. */
function patchShape(shape: Shape): Shape {
  return Object.fromEntries(
    Object.entries(shape).map(([key, schema]) => {
      const inner = shapeOf(schema);
      return [key, (inner === null ? (schema as z.ZodType) : z.strictObject(patchShape(inner))).optional()];
    }),
  );
}

/** Definitions have numbers for names, since they are thousands of times referred to, and equal ones are one. */
function short(schema: JsonObject): JsonObject {
  const { $defs } = schema;
  if (!isObject($defs)) return schema;
  // What was equal but for the names of definitions is so in every letter once those are the same.
  let definitions: ReadonlyMap<string, JsonValue> = new Map(
    Object.entries($defs).map(([name, one]) => [`#/$defs/${name}`, one] as const),
  );
  let rest: JsonObject = { ...schema, $defs: {} };
  for (let before = Number.POSITIVE_INFINITY; definitions.size < before; ) {
    before = definitions.size;
    const names = new Map<string, string>();
    const byText = new Map<string, string>();
    for (const [name, one] of definitions) {
      const text = JSON.stringify(one);
      if (!byText.has(text)) byText.set(text, `#/$defs/${byText.size}`);
      names.set(name, byText.get(text)!);
    }
    const kept = new Map([...definitions].map(([name, one]) => [names.get(name)!, referring(one, names)]));
    definitions = kept;
    rest = referring(rest, names) as JsonObject;
  }
  const named = [...definitions].map(([name, one]) => [name.slice('#/$defs/'.length), one] as const);
  return { ...rest, $defs: Object.fromEntries(named) };
}

/** With other names in all references. */
function referring(value: JsonValue, names: ReadonlyMap<string, string>): JsonValue {
  if (Array.isArray(value)) return value.map((inner) => referring(inner, names));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) =>
      key === '$ref' && typeof inner === 'string' ? [key, names.get(inner)!] : [key, referring(inner, names)],
    ),
  );
}
