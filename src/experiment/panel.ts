import { z } from 'zod';
import { axesOf, cellsOf, type PlacedSweep, sweepsOf, writtenForm } from './cells.ts';
import { type Checked, check, type Finding, located, mostUnknown } from './check.ts';
import { settingsShape } from './envelope.ts';
import { expectedForm, placeExpected } from './expected.ts';
import type { Cell, Expected, FigureChoice, FitRequest, JsonObject, Panel } from './experiment.ts';
import { axesExtent, cellsExtent, type Extent, NOTHING, together, tooMuch } from './extent.ts';
import { figureOf } from './figure.ts';
import { fitFindings, fitForm, fitRequests } from './fit.ts';
import { headKeys, type Layer } from './layers.ts';
import { merge, patchOwns, type Shape } from './merge.ts';
import { type Problem, unknownName } from './problem.ts';
import type { Scheme } from './scheme.ts';

/** A panel that is right. */
export interface PanelReading {
  readonly panel: Panel;
  /** All settings of the panel as a file would have them, defaults written out. */
  readonly whole: JsonObject;
  readonly shape: Shape;
  readonly extent: Extent;
}

type Settings = z.output<z.ZodObject<ReturnType<typeof settingsShape>>>;

/** One panel: the base with the panel's patch laid over it, held against the schema of its regime; `before` is the extent of those before it. */
export function readPanel(
  base: JsonObject,
  layer: Layer,
  regimes: ReadonlyMap<string, Scheme>,
  samplers: readonly string[],
  before: Extent = NOTHING,
): PanelReading | { readonly problems: readonly Problem[]; readonly extent: Extent } {
  const own = settingsShape([...regimes.keys()], samplers);
  const asked = layer.patch.regime ?? base.regime;
  const scheme = typeof asked === 'string' ? regimes.get(asked) : undefined;
  const shape = { ...scheme?.parameters.shape, ...own };
  const raw = merge(base, layer.patch, shape);
  const owned = (path: Finding['path']) => path.length === 0 || patchOwns(path, base, layer.patch, shape);
  const blame = (findings: readonly Finding[], extent: Extent) => ({
    extent,
    problems: findings.map((f) => located(owned(f.path) ? { ...f, path: [...layer.place, ...f.path] } : f)),
  });

  const settings = check(z.object(own), raw);
  // Without a regime nothing can be said of the other keys.
  if (scheme === undefined) return blame(findingsOf(settings), NOTHING);
  const parameters = check(z.object(scheme.parameters.shape), raw);
  const expansion = 'value' in parameters ? expand(scheme, parameters.value, before) : nothing;
  const { figure, expected, fit } = 'value' in settings && 'value' in parameters ? settings.value : {};
  const fits = fitRequests(fit);
  const placed = placeExpected(expected ?? [], expansion.sweeps, expansion.cells);
  const wrong = [
    ...[settings, parameters].flatMap(findingsOf),
    ...unknownKeys(raw, Object.keys(shape), owned),
    ...figureFindings(figure, expansion.sweeps),
    ...termFindings(figure?.y, scheme),
    ...expansion.findings,
    ...placed.findings,
    ...fitFindings(fits, expansion.sweeps),
  ];
  if (wrong.length > 0 || 'findings' in settings || 'findings' in parameters) return blame(wrong, expansion.extent);
  const [first] = expansion.cells;
  const errorName = first && scheme.errorName?.(first.parameters);
  const panel = {
    ...panelOf(layer.name, settings.value, expansion, placed.expected, fits),
    ...(errorName && { errorName }),
  };
  const whole = { ...wholeOf(panel, parameters.value), ...expectedForm(expected ?? []), ...fitForm(fits) };
  return { panel, whole, shape, extent: expansion.extent };
}

/** The sweep carried out, and what is wrong with its size or its cells. */
interface Expansion {
  readonly sweeps: readonly PlacedSweep[];
  readonly cells: readonly Cell[];
  readonly findings: readonly Finding[];
  readonly extent: Extent;
}
const nothing: Expansion = { sweeps: [], cells: [], findings: [], extent: NOTHING };

/** Nothing is carried out that would take the file beyond its limits, and what is wrong with many cells is said of some. */
function expand(scheme: Scheme, parameters: object, before: Extent): Expansion {
  const sweeps = sweepsOf(parameters);
  const axes = axesExtent(sweeps);
  const refused = (message: string, extent: Extent) => ({
    sweeps,
    cells: [],
    findings: [{ path: [], message }],
    extent,
  });
  const wide = tooMuch(together(before, axes));
  if (wide !== null) return refused(wide, axes);
  const cells = cellsOf(parameters, sweeps);
  const extent = together(axes, cellsExtent(scheme, cells));
  const deep = tooMuch(together(before, extent));
  if (deep !== null) return refused(deep, extent);
  const findings: Finding[] = [];
  for (const cell of cells) {
    if (findings.length >= mostProblems) break;
    for (const { path, message } of scheme.problems(cell.parameters)) findings.push({ path: path.split('.'), message });
  }
  return { sweeps, cells, findings, extent };
}

/** Problems of single cells after which no more are looked for. */
const mostProblems = 50;

function panelOf(
  name: string,
  settings: Settings,
  { sweeps, cells }: Expansion,
  expected: readonly Expected[],
  fits: readonly FitRequest[],
): Panel {
  const { regime, trials, seed, sampler } = settings;
  const axes = axesOf(sweeps);
  const figure = figureOf(settings.figure ?? {}, axes);
  const { y = 'error' } = settings.figure ?? {};
  const drawn = y === 'error' ? {} : { y };
  const printed = expected.length === 0 ? {} : { expected };
  const fitted = fits.length === 0 ? {} : { fit: fits };
  return { name, regime, axes, cells, figure, ...drawn, ...printed, ...fitted, trials, seed, sampler };
}

function wholeOf({ regime, trials, seed, sampler, figure, y }: Panel, parameters: object): JsonObject {
  const choice = { ...figure, ...(y ? { y } : {}) } as JsonObject;
  const drawn: JsonObject = Object.keys(choice).length === 0 ? {} : { figure: choice };
  return { regime, ...writtenForm(parameters), trials, seed, sampler, ...drawn };
}

function findingsOf(checked: Checked<unknown>): readonly Finding[] {
  return 'findings' in checked ? checked.findings : [];
}

function unknownKeys(raw: JsonObject, known: readonly string[], inPanel: (path: string[]) => boolean): Finding[] {
  return Object.keys(raw)
    .filter((key) => !known.includes(key))
    .slice(0, mostUnknown)
    .map((key) => {
      const allowed = inPanel([key]) ? ['name', ...known] : [...headKeys, ...known];
      return { path: [key], message: unknownName('key', key, allowed) };
    });
}

/** A term can be drawn only of a test error that has it. */
function termFindings(y: string | undefined, { name, terms }: Scheme): Finding[] {
  if (y === undefined || y === 'error' || terms !== false) return [];
  const message = `found ${JSON.stringify(y)}, but the test error of ${name} has no such term, need "error"`;
  return [{ path: ['figure', 'y'], message }];
}

/** x and series name numbers that the file gives, be they swept or not. */
function figureFindings(figure: Partial<FigureChoice> | undefined, sweeps: readonly PlacedSweep[]): Finding[] {
  const known = sweeps.map(({ path }) => path);
  return (['x', 'series'] as const).flatMap((key) => {
    const path = figure?.[key];
    if (path === undefined || known.includes(path)) return [];
    return [{ path: ['figure', key], message: unknownName('axis', path, known) }];
  });
}
