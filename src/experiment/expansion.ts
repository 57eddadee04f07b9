import { axesOf, cellsOf, type PlacedSweep, sweepsOf } from './cells.ts';
import type { Finding } from './check.ts';
import type { Axis, Cell, JsonObject, Panel } from './experiment.ts';
import { axesExtent, cellsExtent, type Extent, NOTHING, together, tooMuch } from './extent.ts';
import type { Scheme } from './scheme.ts';

/** A panel's parameters with their sweep carried out, and what is wrong with its size or its cells. */
export interface Expansion {
  readonly sweeps: readonly PlacedSweep[];
  readonly axes: readonly Axis[];
  readonly cells: readonly Cell[];
  readonly findings: readonly Finding[];
  readonly extent: Extent;
}

/** Of parameters that are wrong by themselves. */
export const UNEXPANDED: Expansion = { sweeps: [], axes: [], cells: [], findings: [], extent: NOTHING };

/** What an optional key of a file comes to beside an expansion. */
export interface Request {
  readonly findings: readonly Finding[];
  /** What the panel has of it. */
  readonly panel: Partial<Panel>;
  /** As a file would have it, defaults written out. */
  readonly file: JsonObject;
}

/** Problems of single cells after which no more are looked for. */
const mostProblems = 50;

/** Nothing is carried out that would take the file beyond its limits, and what is wrong with many cells is said of some. */
export function expand(scheme: Scheme, parameters: object, before: Extent): Expansion {
  const sweeps = sweepsOf(parameters);
  const axes = axesOf(sweeps);
  const wide = axesExtent(sweeps);
  const refusal = tooMuch(together(before, wide));
  if (refusal !== null) return refused(refusal, wide);
  const cells = cellsOf(parameters, sweeps);
  const extent = together(wide, cellsExtent(scheme, cells));
  const deep = tooMuch(together(before, extent));
  if (deep !== null) return refused(deep, extent);
  return { sweeps, axes, cells, findings: cellFindings(scheme, cells), extent };

  function refused(message: string, reached: Extent): Expansion {
    return { sweeps, axes, cells: [], findings: [{ path: [], message }], extent: reached };
  }
}

function cellFindings(scheme: Scheme, cells: readonly Cell[]): readonly Finding[] {
  const findings: Finding[] = [];
  for (const { parameters } of cells) {
    if (findings.length >= mostProblems) break;
    for (const { path, message } of scheme.problems(parameters)) findings.push({ path: path.split('.'), message });
  }
  return findings;
}
