import type { JsonObject } from '../experiment/experiment.ts';
import { equalJson } from '../experiment/json.ts';
import { labelOf, shortNumber } from '../report/labels.ts';
import { drawnLeaves } from './leaves.ts';
import { printValue } from './print.ts';

/** More differences than this are counted, not named. */
const MOST_NAMED = 3;

/** What an experiment had that another one has not: `σ = 0.1, T₀ = 600`; empty where nothing that is drawn differs. */
export function differenceText(then: JsonObject, now: JsonObject): string {
  const [before, after] = [valuesOf(then), valuesOf(now)];
  const changed = [...before].flatMap(([key, leaf]) => (equalJson(leaf.value, after.get(key)?.value) ? [] : [leaf]));
  if (changed.length > MOST_NAMED) return `with ${changed.length} other settings`;
  return changed
    .map(({ path, value }) => {
      const name = labelOf(path).symbol;
      return `${name} = ${typeof value === 'number' ? shortNumber(value) : printValue(value)}`;
    })
    .join(', ');
}

const valuesOf = (file: JsonObject) =>
  new Map(drawnLeaves(file).map(({ panel, path, value }) => [JSON.stringify([panel, path]), { path, value }]));
