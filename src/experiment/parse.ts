import { located } from './check.ts';
import type { Experiment, JsonObject, Panel, Source } from './experiment.ts';
import { NOTHING, together, tooMuch } from './extent.ts';
import { assertShallow, readJson5 } from './json.ts';
import { baseOf, headFindings, type Layer, layersOf } from './layers.ts';
import { common, difference } from './merge.ts';
import { type PanelReading, readPanel } from './panel.ts';
import { ExperimentError } from './problem.ts';
import { readRelations } from './relation.ts';
import type { Scheme } from './scheme.ts';

/**
 * Reads an experiment file or its object. Throws `ExperimentError` with every problem found.
 * `samplers` are the names allowed beside `auto`; without them any name is.
 */
export function parseExperiment(
  text: string | JsonObject,
  regimes: ReadonlyMap<string, Scheme>,
  samplers: readonly string[] = [],
): Experiment {
  const raw = typeof text === 'string' ? readJson5(text) : text;
  const base = baseOf(raw);
  assertShallow(raw);
  const readings = readPanels(base, layersOf(raw), regimes, samplers);
  const problems = [
    ...headFindings(raw).map(located),
    ...readings.flatMap((reading) => ('problems' in reading ? reading.problems : [])),
  ];
  if (problems.length > 0) throw new ExperimentError(problems);
  return assemble(raw, related(readings.filter((reading) => 'panel' in reading)));
}

/** The panels with the cells that their relations are about. */
function related(readings: readonly PanelReading[]): readonly PanelReading[] {
  const places = new Map(readings.map(({ panel, expansion }) => [panel.name, expansion]));
  const found = readings.map((reading) => readRelations(reading.relations, reading.panel.name, places));
  const problems = found.flatMap(({ findings }, i) => findings.map(readings[i]!.blame));
  if (problems.length > 0) throw new ExperimentError(problems);
  return readings.map((reading, i) => {
    const { relations } = found[i]!;
    return relations.length === 0 ? reading : { ...reading, panel: { ...reading.panel, relations } };
  });
}

/** Problems of all panels after which no more are looked for. */
const mostProblems = 50;

/** The panels in order, none after the one that takes the file beyond its limits, and none after many problems. */
function readPanels(
  base: JsonObject,
  layers: readonly Layer[],
  regimes: ReadonlyMap<string, Scheme>,
  samplers: readonly string[],
): readonly ReturnType<typeof readPanel>[] {
  const readings: ReturnType<typeof readPanel>[] = [];
  let extent = NOTHING;
  let problems = 0;
  for (const layer of layers) {
    const reading = readPanel(base, layer, regimes, samplers, extent);
    readings.push(reading);
    extent = together(extent, reading.extent);
    if ('problems' in reading) problems += reading.problems.length;
    if (tooMuch(extent) !== null || problems >= mostProblems) break;
  }
  return readings;
}

/** `raw` has passed the checks of its head. */
function assemble(raw: JsonObject, readings: readonly PanelReading[]): Experiment {
  const name = raw.name as string;
  const title = (raw.title as string | undefined) ?? name;
  const source = (raw.source as Source | undefined) ?? null;
  const panels = readings.map(({ panel }) => panel);
  return { name, title, source, panels, file: canonicalFile({ name, title, source }, readings) };
}

/** Equal for two files exactly if they mean the same: the base is the first panel's, the others say what differs. */
function canonicalFile(
  { name, title, source }: Pick<Experiment, 'name' | 'title' | 'source'>,
  readings: readonly PanelReading[],
): JsonObject {
  const base = common(
    readings.map(({ whole }) => whole),
    readings.map(({ shape }) => shape),
  );
  const panels = readings.map(({ panel, whole, shape }) => ({ name: panel.name, ...difference(whole, base, shape) }));
  return {
    name,
    title,
    ...sourceForm(source),
    ...base,
    ...(isPlain(readings.map(({ panel }) => panel)) ? {} : { panels }),
  };
}

/** A single panel called `main` needs no list of panels. */
function isPlain(panels: readonly Panel[]): boolean {
  return panels.length === 1 && panels[0]!.name === 'main';
}

/** Keys in fixed order, absent ones left out. */
function sourceForm(source: Source | null): JsonObject {
  if (source === null) return {};
  const { arxiv, figure } = source;
  return { source: figure === undefined ? { arxiv } : { arxiv, figure } };
}
