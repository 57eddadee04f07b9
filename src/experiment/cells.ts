import { isSweep, type Resolved, type Sweep } from './axis.ts';
import type { Axis, Cell, JsonObject, JsonValue } from './experiment.ts';

/** A sweep at its place in the parameters. */
export interface PlacedSweep {
  readonly path: string;
  readonly sweep: Sweep;
}

/** Every sweepable number that is given, in the order of the schema, the innermost last. */
export function sweepsOf(parameters: object): readonly PlacedSweep[] {
  const all = placed(parameters, '');
  return [...all.filter(({ sweep }) => !sweep.innermost), ...all.filter(({ sweep }) => sweep.innermost)];
}

function placed(node: object, prefix: string): PlacedSweep[] {
  return Object.entries(node).flatMap(([key, value]: [string, unknown]): PlacedSweep[] => {
    if (isSweep(value)) return [{ path: prefix + key, sweep: value }];
    const inner = typeof value === 'object' && value !== null && !Array.isArray(value);
    return inner ? placed(value, `${prefix}${key}.`) : [];
  });
}

/** The axes of a panel: whatever takes more than one value, and always the innermost. */
export function axesOf(sweeps: readonly PlacedSweep[]): readonly Axis[] {
  return sweeps
    .filter(({ sweep }) => sweep.innermost || sweep.values.length > 1)
    .map(({ path, sweep: { values, spacing } }) => ({ path, values, spacing }));
}

/** The cartesian product in the order of the axes, the last one fastest: cells of one chain of generations are neighbours. */
export function cellsOf(parameters: object, sweeps: readonly PlacedSweep[]): readonly Cell[] {
  const paths = new Set(axesOf(sweeps).map(({ path }) => path));
  let points: readonly (readonly number[])[] = [[]];
  for (const { sweep } of sweeps) points = points.flatMap((point) => sweep.values.map((value) => [...point, value]));
  return points.map((point) => {
    const entries = sweeps.map(({ path }, i) => [path, point[i]!] as const);
    const values = new Map(sweeps.map(({ sweep }, i) => [sweep, point[i]!]));
    return {
      at: Object.fromEntries(entries.filter(([path]) => paths.has(path))),
      parameters: replaceSweeps(parameters, (sweep) => values.get(sweep)!),
    };
  });
}

/** The same tree with each sweep replaced; lists never hold sweeps and are shared. */
function replaceSweeps<T>(node: T, value: (sweep: Sweep) => number): Resolved<T>;
function replaceSweeps(node: unknown, value: (sweep: Sweep) => JsonValue): unknown;
function replaceSweeps(node: unknown, value: (sweep: Sweep) => JsonValue): unknown {
  if (isSweep(node)) return value(node);
  if (typeof node !== 'object' || node === null || Array.isArray(node)) return node;
  return Object.fromEntries(Object.entries(node).map(([key, inner]) => [key, replaceSweeps(inner, value)]));
}

/** The parameters as the file has them, sweeps as written. */
export function writtenForm(parameters: object): JsonObject {
  return replaceSweeps(parameters, (sweep) => sweep.written) as JsonObject;
}
