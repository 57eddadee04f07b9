import type { JsonObject } from '../experiment/experiment.ts';
import { equalJson } from '../experiment/json.ts';
import { labelOf, shortNumber } from '../report/labels.ts';
import { layers, leavesOf } from './leaves.ts';
import { printValue } from './print.ts';

/** More differences than this are counted, not named. */
const MOST_NAMED = 3;

/** What an experiment had that another one has not: `σ = 0.1, T₀ = 600`; empty where nothing that is drawn differs. */
export function differenceText(then: JsonObject, now: JsonObject): string {
  const [before, after] = [valuesOf(then), valuesOf(now)];
  const changed = [...before].filter(([path, value]) => !equalJson(value, after.get(path)));
  if (changed.length > MOST_NAMED) return `with ${changed.length} other settings`;
  return changed
    .map(([path, value]) => {
      const name = labelOf(path.replace(/^panels\.[^.]*\./, '')).symbol;
      return `${name} = ${typeof value === 'number' ? shortNumber(value) : printValue(value)}`;
    })
    .join(', ');
}

const UNDRAWN = /^(name|title|source|expected|fit|figure)\b/;

function valuesOf(file: JsonObject) {
  const { base, panels } = layers(file);
  const leaves = [...leavesOf(base), ...panels.flatMap(({ name, patch }) => leavesOf(patch, `panels.${name}.`))];
  return new Map(
    leaves
      .filter(({ path }) => !UNDRAWN.test(path.replace(/^panels\.[^.]*\./, '')))
      .map(({ path, value }) => [path, value]),
  );
}
