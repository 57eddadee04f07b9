import { z } from 'zod';
import { writtenForm } from './cells.ts';
import { type Checked, check, type Finding, located, mostUnknown } from './check.ts';
import { settingsShape } from './envelope.ts';
import { type Expansion, expand, UNEXPANDED } from './expansion.ts';
import { readExpected } from './expected.ts';
import type { Cell, JsonObject, Panel } from './experiment.ts';
import { type Extent, NOTHING } from './extent.ts';
import { readFigure } from './figure.ts';
import { readFits } from './fit.ts';
import { headKeys, type Layer } from './layers.ts';
import { merge, patchOwns, type Shape } from './merge.ts';
import { type Problem, unknownName } from './problem.ts';
import { type RelationEntry, relationForm } from './relation.ts';
import type { Scheme } from './scheme.ts';
import { meantBy } from './symbols.ts';

/** A panel that is right. */
export interface PanelReading {
  readonly panel: Panel;
  /** All settings of the panel as a file would have them, defaults written out. */
  readonly whole: JsonObject;
  readonly shape: Shape;
  readonly extent: Extent;
  readonly expansion: Expansion;
  /** Relations of its cells to others, which are found once all panels are read. */
  readonly relations: readonly RelationEntry[];
  /** What is wrong with something in it, by its place in the file. */
  readonly blame: (finding: Finding) => Problem;
}

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
  const blameOne = (f: Finding) => located(owned(f.path) ? { ...f, path: [...layer.place, ...f.path] } : f);
  const blame = (findings: readonly Finding[], extent: Extent) => ({ extent, problems: findings.map(blameOne) });

  const settings = check(z.object(own), raw);
  // Without a regime nothing can be said of the other keys.
  if (scheme === undefined) return blame(findingsOf(settings), NOTHING);
  const parameters = check(z.object(scheme.parameters.shape), raw);
  const expansion = 'value' in parameters ? expand(scheme, parameters.value, before) : UNEXPANDED;
  const asks = 'value' in settings && 'value' in parameters ? settings.value : NO_REQUESTS;
  const figure = readFigure(asks.figure, scheme, expansion);
  const expected = readExpected(asks.expected, expansion);
  const fits = readFits(asks.fit, expansion);
  const wrong = [
    ...[settings, parameters].flatMap(findingsOf),
    ...unknownKeys(raw, shape, owned),
    ...[figure, expansion, expected, fits].flatMap(({ findings }) => findings),
  ];
  if (wrong.length > 0 || 'findings' in settings || 'findings' in parameters) return blame(wrong, expansion.extent);
  const { regime, trials, seed, sampler } = settings.value;
  const { axes, cells, extent } = expansion;
  const panel: Panel = {
    name: layer.name,
    regime,
    axes,
    cells,
    figure: null,
    trials,
    seed,
    sampler,
    ...nameOfError(scheme, cells),
    ...figure.panel,
    ...expected.panel,
    ...fits.panel,
  };
  const written = writtenForm(parameters.value);
  const { relations = [] } = asks;
  const printed = { ...expected.file, ...relationForm(relations) };
  const whole = { regime, ...written, trials, seed, sampler, ...figure.file, ...printed, ...fits.file };
  return { panel, whole, shape, extent, expansion, relations, blame: blameOne };
}

/** Of settings that are wrong nothing more is asked. */
const NO_REQUESTS: Pick<
  z.output<z.ZodObject<ReturnType<typeof settingsShape>>>,
  'figure' | 'expected' | 'relations' | 'fit'
> = {};

function nameOfError(scheme: Scheme, [first]: readonly Cell[]): Pick<Panel, 'errorName'> {
  const errorName = first && scheme.errorName?.(first.parameters);
  return errorName ? { errorName } : {};
}

function findingsOf(checked: Checked<unknown>): readonly Finding[] {
  return 'findings' in checked ? checked.findings : [];
}

function unknownKeys(raw: JsonObject, shape: Shape, inPanel: (path: string[]) => boolean): Finding[] {
  const known = Object.keys(shape);
  return Object.keys(raw)
    .filter((key) => !known.includes(key))
    .slice(0, mostUnknown)
    .map((key) => {
      const allowed = inPanel([key]) ? ['name', ...known] : [...headKeys, ...known];
      return { path: [key], message: unknownName('key', key, allowed, meantBy(key, shape)) };
    });
}
