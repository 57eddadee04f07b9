import { z } from 'zod';
import { check, type Finding, type Path } from './check.ts';
import { headShape, panelName } from './envelope.ts';
import type { JsonObject } from './experiment.ts';
import { isObject } from './json.ts';
import { shorten } from './problem.ts';

/** What one panel lays over the base. */
export interface Layer {
  readonly name: string;
  /** Where its keys stand in the file; empty for the one panel of a file without `panels`. */
  readonly place: Path;
  readonly patch: JsonObject;
}

export const headKeys = [...Object.keys(headShape), 'panels'];

/** Each is read, planned and drawn by itself. */
export const mostPanels = 100;

const head = z.looseObject({
  ...headShape,
  panels: z
    .array(z.looseObject({ name: panelName }))
    .min(1, { error: 'at least one panel' })
    .max(mostPanels, { error: `at most ${mostPanels} panels` })
    .optional(),
});

/** The file without its panels and without what only concerns the file as a whole. */
export function baseOf(raw: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(raw).filter(([key]) => !headKeys.includes(key)));
}

/** Panels that are objects; one without a usable name is called by its place in the list. */
export function layersOf(raw: JsonObject): readonly Layer[] {
  const { panels } = raw;
  if (!Array.isArray(panels)) return [{ name: 'main', place: [], patch: {} }];
  return panels.slice(0, mostPanels).flatMap((panel: unknown, i): Layer[] => {
    if (!isObject(panel)) return [];
    const { name, ...patch } = panel;
    return [
      typeof name === 'string' ? { name, place: ['panels', name], patch } : { name: '', place: ['panels', i], patch },
    ];
  });
}

/** What is wrong with the file as a whole and with the names of its panels. */
export function headFindings(raw: JsonObject): readonly Finding[] {
  const checked = check(head, raw);
  const wrong = 'findings' in checked ? checked.findings : [];
  const names = layersOf(raw).map(({ name }) => name);
  return [...wrong, ...names.flatMap((name, i) => sameNames(name, names.slice(0, i)))];
}

const quoted = (name: string) => shorten(JSON.stringify(name));

/** Files of panels whose names differ in case alone are one file on many systems. */
function sameNames(name: string, before: readonly string[]): readonly Finding[] {
  const same = name === '' ? undefined : before.find((one) => one.toLowerCase() === name.toLowerCase());
  if (same === undefined) return [];
  const found =
    same === name
      ? `found ${quoted(name)} twice, need distinct names`
      : `found ${quoted(same)} and ${quoted(name)}, need names that differ in more than case: their files would be one on many systems`;
  return [{ path: ['panels'], message: found }];
}
