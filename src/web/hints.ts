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
  /** Which numbers are allowed; null where none is. */
  readonly numbers: Numbers | null;
}

export interface Numbers {
  readonly integer: boolean;
  readonly least: number;
  readonly most: number;
}

const NOTHING: Hint = { description: '', choices: null, numbers: null };

const schemas = new Map<string, JsonObject>();

/** That of one regime, made when it is first asked for: all of them together take a second. */
function schemaOf({ regime }: JsonObject): JsonObject {
  const name = typeof regime === 'string' && regimes.has(regime) ? regime : [...regimes.keys()][0]!;
  const schema =
    schemas.get(name) ?? jsonSchema(new Map([[name, regimes.get(name)!]]), [...samplers.keys()], { inline: true });
  schemas.set(name, schema);
  return schema;
}

/** The hint for a dotted path; `file` tells the regime, and which member of a union is meant. */
export function hintOf(path: string, file: JsonObject): Hint {
  let node: JsonValue | undefined = schemaOf(file);
  let value: JsonValue | undefined = file;
  for (const key of path.split('.')) {
    node = propertyOf(node, value, key);
    value = isObject(value) ? value[key] : undefined;
  }
  if (!isObject(node)) return NOTHING;
  const choices = Array.isArray(node.enum) ? node.enum.map(String) : null;
  return {
    description: typeof node.description === 'string' ? node.description : '',
    choices,
    numbers: numbersOf(node),
  };
}

function numbersOf(node: JsonObject): Numbers | null {
  const found = membersOf(node).find(({ type }) => type === 'integer' || type === 'number');
  if (!found) return null;
  const bound = (...keys: readonly string[]) =>
    keys.map((key) => found[key]).find((value) => typeof value === 'number');
  return {
    integer: found.type === 'integer',
    least: (bound('minimum', 'exclusiveMinimum') as number | undefined) ?? Number.NEGATIVE_INFINITY,
    most: (bound('maximum', 'exclusiveMaximum') as number | undefined) ?? Number.POSITIVE_INFINITY,
  };
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
