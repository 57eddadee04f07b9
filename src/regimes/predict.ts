import type { Panel } from '../experiment/experiment.ts';
import type { Outlook } from '../theory/outlook.ts';
import type { Prediction } from '../theory/prediction.ts';
import type { Scaling } from '../theory/scaling.ts';
import { outlookOf } from './outlook.ts';
import type { Regime } from './regime.ts';

type At = Readonly<Record<string, number>>;

/** Theory at any place of a panel's sweep, also between its cells. */
export function predictor(panel: Panel, regimes: ReadonlyMap<string, Regime>): (at: At) => Prediction | null {
  const regime = regimes.get(panel.regime)!;
  return (at) => regime.theory(parametersAt(panel, at));
}

/** What is known of the trials at any place of a panel's sweep. */
export function outlooks(panel: Panel, regimes: ReadonlyMap<string, Regime>): (at: At) => Outlook {
  const regime = regimes.get(panel.regime)!;
  return (at) => outlookOf(regime.recipe(parametersAt(panel, at)));
}

/** The scaling law at any place of a panel's sweep. */
export function scalingPredictor(panel: Panel, regimes: ReadonlyMap<string, Regime>): (at: At) => Scaling | null {
  const regime = regimes.get(panel.regime)!;
  return (at) => regime.scaling?.(parametersAt(panel, at)) ?? null;
}

/** The parameters of the panel's first cell with the axes set to `at`. Throws `RangeError` for a path that they do not have. */
function parametersAt(panel: Panel, at: At): unknown {
  const parameters = structuredClone(panel.cells[0]!.parameters);
  for (const [path, value] of Object.entries(at)) setPath(parameters, path.split('.'), value);
  return parameters;
}

function setPath(node: unknown, [key, ...rest]: readonly string[], value: number): void {
  // Own properties alone: a path such as `__proto__.x` must not lead out of the parameters.
  if (typeof node !== 'object' || node === null || !Object.hasOwn(node, key!))
    throw new RangeError(`The parameters have no ${JSON.stringify(key)} to set.`);
  const object = node as Record<string, unknown>;
  if (rest.length === 0) object[key!] = value;
  else setPath(object[key!], rest, value);
}
