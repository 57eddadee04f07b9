import JSON5 from 'json5';
import type { JsonObject, JsonValue } from './experiment.ts';
import { assertShallow, equalJson, isObject } from './json.ts';
import { ExperimentError, shorten, unknownName } from './problem.ts';

/** Changes that anyone writes out one by one. */
const mostOverrides = 1000;

/** Keys of a path: no file is nested as deep. */
const longestPath = 16;

/** Changes an experiment file before it is read: `path=value` for each override, a later one over an earlier one. */
export function applyOverrides(raw: JsonObject, overrides: readonly string[]): JsonObject {
  if (overrides.length > mostOverrides)
    fail('', `found ${overrides.length} changes, need at most ${mostOverrides}; write a file`);
  return overrides.map(readOverride).reduce((file, { path, value }) => override(file, path, value), raw);
}

/**
 * Sets one value. It goes into the base and, so that it wins, into every panel that says anything under the path's first
 * key; `panels.NAME.path` goes into that panel alone. Whether the path means anything is found out when the file is parsed.
 * Values printed for the original problem say nothing of another one and are taken out.
 */
export function override(raw: JsonObject, path: string, value: JsonValue): JsonObject {
  const keys = path.split('.');
  if (keys[0] === 'panels') return inOnePanel(raw, keys, value);
  const base = withValue(raw, keys, value);
  if (!Array.isArray(raw.panels)) return withoutStale(base, raw);
  const says = (panel: JsonValue) => isObject(panel) && Object.hasOwn(panel, keys[0]!);
  const panels = raw.panels.map((panel: JsonValue) => (says(panel) ? withValue(panel, keys, value) : panel));
  return withoutStale({ ...base, panels }, raw);
}

function inOnePanel(raw: JsonObject, [, name = '', ...keys]: readonly string[], value: JsonValue): JsonObject {
  if (keys.length === 0) fail(`panels.${name}`, 'need a path inside the panel');
  if (isOnlyPanel(raw, name)) return override(raw, keys.join('.'), value);
  const { panels, index } = findPanel(raw, name);
  const before = panels[index] as JsonObject;
  const after = withValue(before, keys, value);
  const bare = Object.hasOwn(raw, 'expected') ? { ...after, expected: [] } : unprinted(after);
  return { ...raw, panels: panels.with(index, sameProblem(after, before) ? after : bare) };
}

/** `now` without the printed values that were those of another problem `before`. */
export function withoutStale(now: JsonObject, before: JsonObject): JsonObject {
  if (sameProblem(now, before)) return now;
  const rest = unprinted(now);
  if (!Array.isArray(rest.panels)) return rest;
  return { ...rest, panels: rest.panels.map((panel: JsonValue) => (isObject(panel) ? unprinted(panel) : panel)) };
}

function unprinted({ expected: _, relations: __, ...rest }: JsonObject): JsonObject {
  return rest;
}

/** Keys that change how a result is obtained, named or drawn, and not what it should be. */
const HARMLESS = [
  '$schema',
  'name',
  'title',
  'source',
  'trials',
  'seed',
  'sampler',
  'figure',
  'expected',
  'relations',
  'fit',
];

function sameProblem(now: JsonObject, before: JsonObject): boolean {
  const keys = [...new Set([...Object.keys(now), ...Object.keys(before)])];
  return keys.every((key) =>
    key === 'panels' ? samePanels(now, before) : HARMLESS.includes(key) || equalJson(now[key], before[key]),
  );
}

function samePanels({ panels: now }: JsonObject, { panels: before }: JsonObject): boolean {
  if (!Array.isArray(now) || !Array.isArray(before)) return equalJson(now, before);
  const same = (panel: JsonValue, i: number) => isObject(panel) && isObject(before[i]) && sameProblem(panel, before[i]);
  return now.length === before.length && now.every(same);
}

/** The file with only this panel. */
export function selectPanel(raw: JsonObject, name: string): JsonObject {
  if (isOnlyPanel(raw, name)) return raw;
  const { panels, index } = findPanel(raw, name);
  return withoutOthers({ ...raw, panels: [withoutOthers(panels[index] as JsonObject, name)] }, name);
}

/** Without relations to cells of other panels. */
function withoutOthers(node: JsonObject, name: string): JsonObject {
  const { relations } = node;
  if (!Array.isArray(relations)) return node;
  const isOwn = (relation: JsonValue) =>
    !isObject(relation) ||
    !Array.isArray(relation.sum) ||
    relation.sum.every((term: JsonValue) => !isObject(term) || term.panel === undefined || term.panel === name);
  return { ...node, relations: relations.filter(isOwn) };
}

/** The one panel of a file without panels is the file itself. */
const isOnlyPanel = ({ panels }: JsonObject, name: string): boolean => panels === undefined && name === 'main';

function findPanel(raw: JsonObject, name: string): { readonly panels: readonly JsonValue[]; readonly index: number } {
  const panels: readonly JsonValue[] = Array.isArray(raw.panels) ? raw.panels : [];
  const names = panels.map((panel) => (isObject(panel) ? String(panel.name) : ''));
  const index = names.indexOf(name);
  if (index < 0) fail('panels', unknownName('panel', name, names.length > 0 ? names : ['main']));
  return { panels, index };
}

/** A copy with the value set, objects made along the way. */
function withValue(node: JsonValue | undefined, [key, ...rest]: readonly string[], value: JsonValue): JsonObject {
  const object = isObject(node) ? node : {};
  const inner = Object.hasOwn(object, key!) ? object[key!] : undefined;
  return { ...object, [key!]: rest.length === 0 ? value : withValue(inner, rest, value) };
}

/** `downstream.samples=500`. The value is JSON5; `a,b` is a list; a bare word is a text. */
function readOverride(text: string): { readonly path: string; readonly value: JsonValue } {
  const at = text.indexOf('=');
  const path = text.slice(0, at).trim();
  const value = text.slice(at + 1).trim();
  const keys = path.split('.');
  if (at < 0 || value === '' || keys.includes('') || keys.length > longestPath)
    fail('', `found override "${shorten(text)}", need path=value`);
  return { path, value: readValue(path, value) };
}

function readValue(path: string, text: string): JsonValue {
  const value = json5(text);
  if (value !== undefined) return value;
  const list = json5(`[${text}]`);
  if (list !== undefined) return list;
  if (/^[[{'"]/.test(text)) fail(path, `found ${shorten(text)}, which is not JSON5`);
  return text.includes(',') ? text.split(',').map((part) => readValue(path, part.trim())) : text;
}

function json5(text: string): JsonValue | undefined {
  let value: JsonValue;
  try {
    value = JSON5.parse(text);
  } catch {
    return undefined;
  }
  assertShallow(value);
  return value;
}

function fail(path: string, message: string): never {
  throw new ExperimentError([{ path, message }]);
}
