import type { JsonObject } from '../experiment/experiment.ts';
import { jsonSchema } from '../experiment/json-schema.ts';
import { regimes } from '../regimes/index.ts';
import { samplers } from '../samplers/index.ts';

/** `collapse schema`: the JSON Schema of experiment files. */
export function fileSchema(): JsonObject {
  return jsonSchema(regimes, [...samplers.keys()]);
}
