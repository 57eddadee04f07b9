import type { JsonObject } from '../../src/experiment/experiment.ts';
import { parseExperiment } from '../../src/experiment/parse.ts';
import { regimes } from '../../src/regimes/index.ts';
import type { Recipe } from '../../src/regimes/recipe.ts';
import type { Regime } from '../../src/regimes/regime.ts';

/** The parameters of the single cell that a file with these keys has, defaults of the schema filled in. */
export function parametersOf<P, R extends Recipe>(regime: Regime<P, R>, given: JsonObject): P {
  const { panels } = parseExperiment({ name: 'one', regime: regime.name, ...given }, regimes);
  const cells = panels.flatMap((panel) => panel.cells);
  if (cells.length !== 1) throw new Error(`${cells.length} cells, need 1`);
  return cells[0]!.parameters as P;
}
