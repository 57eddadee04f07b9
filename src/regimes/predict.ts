import type { Panel } from '../experiment/experiment.ts';
import type { Prediction } from '../theory/prediction.ts';
import type { Regime } from './regime.ts';

/**
 * Theory at any place of a panel's sweep, also between its cells: the parameters of the panel's first cell with the axes
 * set to `at`.
 */
export function predictor(
  panel: Panel,
  regimes: ReadonlyMap<string, Regime>,
): (at: Readonly<Record<string, number>>) => Prediction | null {
  const regime = regimes.get(panel.regime)!;
  return (at) => {
    const parameters = structuredClone(panel.cells[0]!.parameters);
    for (const [path, value] of Object.entries(at)) setPath(parameters, path.split('.'), value);
    return regime.theory(parameters);
  };
}

function setPath(node: unknown, [key, ...rest]: readonly string[], value: number): void {
  const object = node as Record<string, unknown>;
  if (rest.length === 0) object[key!] = value;
  else setPath(object[key!], rest, value);
}
