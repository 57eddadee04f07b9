import type { JsonObject, JsonValue } from '../experiment/experiment.ts';
import { isObject } from '../experiment/json.ts';
import { jsonSchema } from '../experiment/json-schema.ts';
import { regimes } from '../regimes/index.ts';
import { samplers } from '../samplers/index.ts';

/** What the schema of the experiment file tells about one of its values. */
export interface Hint {
  readonly description: string;
  /** Allowed words; null where any value of the right kind is. */
  readonly choices: readonly string[] | null;
}

const schema = jsonSchema(regimes, [...samplers.keys()]);

/** The hint for a dotted path; `file` tells which member of a union is meant. */
export function hintOf(path: string, file: JsonObject): Hint {
  let node: JsonValue | undefined = schema;
  let value: JsonValue | undefined = file;
  for (const key of path.split('.')) {
    node = propertyOf(node, value, key);
    value = isObject(value) ? value[key] : undefined;
  }
  if (!isObject(node)) return { description: '', choices: null };
  const choices = Array.isArray(node.enum) ? node.enum.map(String) : null;
  return { description: typeof node.description === 'string' ? node.description : '', choices };
}

function propertyOf(node: JsonValue | undefined, value: JsonValue | undefined, key: string): JsonValue | undefined {
  const found = membersOf(node).filter(({ properties }) => isObject(properties) && Object.hasOwn(properties, key));
  const member = found.find((one) => agrees(one, value)) ?? found[0];
  return isObject(member?.properties) ? member.properties[key] : undefined;
}

/** The schema itself and the members of its unions. */
function membersOf(node: JsonValue | undefined): readonly JsonObject[] {
  if (!isObject(node)) return [];
  const inner = [node.anyOf, node.oneOf].flatMap((list): readonly JsonValue[] => (Array.isArray(list) ? list : []));
  return [node, ...inner.flatMap(membersOf)];
}

/** Whether the words that tell the members of a union apart are those of the value. */
function agrees({ properties }: JsonObject, value: JsonValue | undefined): boolean {
  if (!isObject(properties) || !isObject(value)) return false;
  return Object.entries(properties).every(
    ([key, one]) => !isObject(one) || !('const' in one) || one.const === value[key],
  );
}
