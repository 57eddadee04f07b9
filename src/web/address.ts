import type { JsonObject, JsonValue } from '../experiment/experiment.ts';
import { equalJson } from '../experiment/json.ts';
import { decodeLink, encodeLink, presetLink } from '../experiment/link.ts';
import { applyOverrides } from '../experiment/overrides.ts';
import { parseExperiment } from '../experiment/parse.ts';
import { ExperimentError, unknownName } from '../experiment/problem.ts';
import { regimes } from '../regimes/index.ts';
import { layers, leavesOf } from './leaves.ts';
import type { Preset } from './presets.ts';

/** What the address of the page says: an experiment file, and the preset it is or comes from. */
export interface Address {
  readonly preset: Preset | null;
  readonly file: JsonObject;
}

/** Reads the part behind `#`; an empty one is the first preset. Throws `ExperimentError`. */
export async function readAddress(hash: string, presets: readonly Preset[]): Promise<Address> {
  if (hash.replace('#', '') === '') return { preset: presets[0]!, file: presets[0]!.file };
  const link = await decodeLink(hash);
  if (link.kind === 'file') return { preset: null, file: applyOverrides(link.file, link.overrides) };
  const preset = presets.find(({ name }) => name === link.preset);
  if (preset) return { preset, file: applyOverrides(preset.file, link.overrides) };
  const known = presets.map(({ name }) => name);
  throw new ExperimentError([{ path: 'link', message: unknownName('experiment', link.preset, known) }]);
}

/** The link of a canonical file: readable as changes to its preset where these say it all, else the whole file, packed. */
export async function linkOf(file: JsonObject, preset: Preset | null): Promise<string> {
  const overrides = preset && overridesOf(file, preset);
  return preset && overrides ? presetLink(preset.name, overrides) : encodeLink(file);
}

/** Overrides that make the canonical file of the preset; null if none do. */
function overridesOf(file: JsonObject, preset: Preset): readonly string[] | null {
  const overrides = changes(parseExperiment(preset.file, regimes).file, file);
  try {
    const made = parseExperiment(applyOverrides(preset.file, overrides), regimes).file;
    return equalJson(made, file) ? overrides : null;
  } catch (error) {
    if (error instanceof ExperimentError) return null;
    throw error;
  }
}

/** Values of the base that differ, then those of each panel that differ or that a change of the base has overridden. */
function changes(from: JsonObject, to: JsonObject): readonly string[] {
  const [old, now] = [layers(from), layers(to)];
  const inBase = changed(old.base, now.base);
  const inPanels = now.panels.flatMap(({ name, patch }) => {
    const before = old.panels.find((panel) => panel.name === name)?.patch ?? {};
    const overridden = leavesOf(patch).filter(({ path }) => inBase.some((change) => change.path === path));
    return [...changed(before, patch), ...overridden].map(({ path, value }) => ({
      path: `panels.${name}.${path}`,
      value,
    }));
  });
  return [...new Set([...inBase, ...inPanels].map(({ path, value }) => `${path}=${overrideText(value)}`))];
}

function changed(from: JsonObject, to: JsonObject) {
  const before = new Map(leavesOf(from).map(({ path, value }) => [path, value]));
  return leavesOf(to).filter(({ path, value }) => !equalJson(value, before.get(path)));
}

function overrideText(value: JsonValue): string {
  return Array.isArray(value) && value.length > 1
    ? value.map((item) => JSON.stringify(item)).join(',')
    : JSON.stringify(value);
}
