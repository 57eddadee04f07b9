import type { JsonObject, JsonValue } from '../experiment/experiment.ts';
import { isObject } from '../experiment/json.ts';
import { PRESENTATION } from './numbers.ts';

/** One value of an experiment file: a number, a text, a list or a range. */
export interface Leaf {
  /** Dotted, as overrides name it. */
  readonly path: string;
  readonly value: JsonValue;
}

/** The values of an object that overrides can set, in file order. */
export function leavesOf(object: JsonObject, prefix = ''): readonly Leaf[] {
  return Object.entries(object).flatMap(([key, value]) => {
    const path = prefix + key;
    return isObject(value) && !isRange(value) ? leavesOf(value, `${path}.`) : [{ path, value }];
  });
}

function isRange(value: JsonObject): boolean {
  return Object.hasOwn(value, 'logspace') || Object.hasOwn(value, 'linspace');
}

/** A value that numbers depend on, and the panel that has it; null: the base. */
export interface DrawnLeaf extends Leaf {
  readonly panel: string | null;
}

/** The values of base and panels but for what only names an experiment, draws it or holds it against something. */
export function drawnLeaves(file: JsonObject): readonly DrawnLeaf[] {
  const { base, panels } = layers(file);
  const all = [{ name: null, patch: base }, ...panels].flatMap(({ name, patch }) =>
    leavesOf(patch).map((leaf) => ({ ...leaf, panel: name })),
  );
  return all.filter(({ path }) => !PRESENTATION.includes(path.split('.')[0]!));
}

/** What one panel lays over the base. */
export interface PanelPatch {
  readonly name: string;
  readonly patch: JsonObject;
}

/** The file without its panels, and what each panel changes. */
export function layers(file: JsonObject): { readonly base: JsonObject; readonly panels: readonly PanelPatch[] } {
  const { panels = [], ...base } = file;
  const list: readonly JsonValue[] = Array.isArray(panels) ? panels : [];
  const patches = list.filter(isObject).map(({ name, ...patch }) => ({ name: String(name), patch }));
  return { base, panels: patches };
}
