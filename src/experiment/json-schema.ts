import { z } from 'zod';
import { headShape, panelName, settingsShape } from './envelope.ts';
import type { JsonObject } from './experiment.ts';
import { type Shape, shapeOf } from './merge.ts';
import type { Scheme } from './scheme.ts';

/** JSON Schema of a whole file, for editors: completion, units, and most of what `parseExperiment` checks. */
export function jsonSchema(regimes: ReadonlyMap<string, Scheme>, samplers: readonly string[] = []): JsonObject {
  const schemes = [...regimes.values()];
  const patches = schemes.map((scheme) => z.strictObject({ name: panelName, ...patchShape(settings(scheme)) }));
  const panels = z.array(z.union(patches)).min(1).optional().describe('each overrides the base; default: one, main');
  const files = schemes.map((scheme) => z.strictObject({ ...headShape, ...settings(scheme), panels }));
  return z.toJSONSchema(z.union(files), { io: 'input' }) as unknown as JsonObject;

  function settings(scheme: Scheme): Shape {
    const own = settingsShape([...regimes.keys()], samplers);
    return { ...own, regime: own.regime.meta({ const: scheme.name }), ...scheme.parameters.shape };
  }
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
