import { AUTO_FACET, type JsonObject, type JsonValue, NO_FACET } from '../experiment/experiment.ts';
import { isObject } from '../experiment/json.ts';
import { applyOverrides, override, withoutStale } from '../experiment/overrides.ts';
import { ExperimentError, type Problem } from '../experiment/problem.ts';
import { labelOf } from '../report/labels.ts';
import { type Hint, hintOf } from './hints.ts';
import { type Leaf, layers, leavesOf } from './leaves.ts';
import { printValue } from './print.ts';

/** One line of the form. */
export interface Field extends Hint {
  /** As in `override` and in problems. */
  readonly path: string;
  readonly label: string;
  readonly text: string;
  /** The number that it is; null for a list, a range or a word. */
  readonly number: number | null;
}

export interface FieldGroup {
  readonly legend: string;
  readonly fields: readonly Field[];
}

/** Left to the text: what names the experiment, what makes it another one, and long lists. */
const HIDDEN = /^(\$schema|name|title|source|regime|figure(?!\.(y|facet)$)|expected|relations|fit)\b|\.(kind|values)$/;

/** Values that a file leaves out and the form shows all the same; frames only where there is something to part. */
function impliedIn(written: readonly Leaf[]): readonly Leaf[] {
  const facet = { path: 'figure.facet', value: AUTO_FACET };
  return [{ path: 'figure.y', value: 'error' }, ...(facetsIn(written).length > 1 ? [facet] : [])];
}

/** The values of the base; those that may go without saying stand behind the others, written or not, so that none moves when it is set. */
function leavesOfBase(base: JsonObject): readonly Leaf[] {
  const written = leavesOf(base);
  const implied = impliedIn(written);
  const paths = implied.map(({ path }) => path);
  const known = implied.map((leaf) => written.find(({ path }) => path === leaf.path) ?? leaf);
  return [...written.filter(({ path }) => !paths.includes(path)), ...known];
}

/** Numbers that are swept, but that along x. */
function facetsIn(leaves: readonly Leaf[]): readonly string[] {
  const x = leaves.find(({ path }) => path === 'figure.x')?.value;
  const swept = leaves.filter(({ path, value }) => !HIDDEN.test(path) && isSweep(value)).map(({ path }) => path);
  return swept.filter((path) => path !== x);
}

const isSweep = (value: JsonValue): boolean =>
  isObject(value) || (Array.isArray(value) && value.length > 1 && value.every((one) => typeof one === 'number'));

/** The form of a file: the numbers of the base by their first key, then what each panel changes. */
export function fieldGroups(file: JsonObject): readonly FieldGroup[] {
  const { base, panels } = layers(file);
  const shown = leavesOfBase(base).filter(({ path }) => !HIDDEN.test(path));
  const keys = new Set(shown.flatMap(({ path }) => (path.includes('.') ? [path.split('.')[0]!] : [])));
  const plain = shown.filter(({ path }) => !path.includes('.'));
  return [
    { legend: 'Experiment', leaves: plain, prefix: '' },
    ...[...keys].map((key) => ({
      legend: capital(key),
      leaves: shown.filter((leaf) => leaf.path.startsWith(`${key}.`)),
      prefix: '',
    })),
    ...panels.map(({ name, patch }) => ({
      legend: `Only in panel “${name}”`,
      leaves: leavesOf(patch).filter(({ path }) => !HIDDEN.test(path)),
      prefix: `panels.${name}.`,
    })),
  ]
    .filter(({ leaves }) => leaves.length > 0)
    .map(({ legend, leaves, prefix }) => ({ legend, fields: leaves.map((leaf) => fieldOf(leaf, prefix, base)) }));
}

function fieldOf({ path, value }: Leaf, prefix: string, base: JsonObject): Field {
  const number = typeof value === 'number' ? value : null;
  const hint = hintOf(path, base);
  const choices = path === 'figure.facet' ? [AUTO_FACET, NO_FACET, ...facetsIn(leavesOf(base))] : hint.choices;
  return { path: prefix + path, label: fieldLabel(path), text: fieldText(value), number, ...hint, choices };
}

/** The name of the axis, or the last key where there is none: the legend says the others. */
function fieldLabel(path: string): string {
  const { name } = labelOf(path);
  return name === path ? path.slice(path.lastIndexOf('.') + 1) : name;
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

/** Lists of several values without brackets, words without quotes: what `fieldValue` reads back. */
function fieldText(value: JsonValue): string {
  if (typeof value === 'string') return value;
  return Array.isArray(value) && value.length > 1 ? value.map(printValue).join(', ') : printValue(value);
}

/** What a field's text means; a text that means nothing stays one, and the schema says what is wrong with it. */
export function fieldValue(text: string): JsonValue {
  try {
    return applyOverrides({}, [`value=${text}`]).value!;
  } catch (error) {
    if (error instanceof ExperimentError) return text;
    throw error;
  }
}

/** The file with the field set. Unlike an override from outside, a number of the base leaves the panels as they are. */
export function setField(file: JsonObject, path: string, text: string): JsonObject {
  if (isImplied(file, path, text)) return file;
  if (path.startsWith('panels.') || file.panels === undefined) return override(file, path, fieldValue(text));
  const { panels, ...base } = file;
  return withoutStale({ ...override(base, path, fieldValue(text)), panels }, file);
}

function isImplied(file: JsonObject, path: string, text: string): boolean {
  const leaf = leavesOfBase(layers(file).base).find((one) => one.path === path);
  return leaf !== undefined && leaf.value === text && !leavesOf(layers(file).base).some((one) => one.path === path);
}

/** Problems that belong beside a field. */
export function problemsAt(path: string, problems: readonly Problem[]): readonly Problem[] {
  return problems.filter(
    (problem) =>
      problem.path === path || (/^[.[]/.test(problem.path.slice(path.length)) && problem.path.startsWith(path)),
  );
}

/** The number that a file has at the path of a field; null where it has another value, or none. */
export function numberAt(file: JsonObject, path: string): number | null {
  const fields = fieldGroups(file).flatMap((group) => group.fields);
  return fields.find((field) => field.path === path)?.number ?? null;
}
