/**
 * Plan. The file format knows nothing of linear regression: a regime without dimension, covariance or generations parses,
 * expands and round-trips; a file may have panels of two regimes; a regime's own cross-checks are told at their place.
 */
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { axis } from '../../src/experiment/axis.ts';
import type { JsonObject } from '../../src/experiment/experiment.ts';
import { nonNegative } from '../../src/experiment/numbers.ts';
import { parseExperiment } from '../../src/experiment/parse.ts';
import type { Scheme } from '../../src/experiment/scheme.ts';
import { regimes } from '../../src/regimes/index.ts';
import { problemsOf, small } from './files.ts';

const memory: Scheme<{ readonly tail: { readonly exponent: number; readonly cut: number } }> = {
  name: 'memory',
  parameters: z.strictObject({ tail: z.strictObject({ exponent: axis(nonNegative()), cut: axis(nonNegative()) }) }),
  problems: ({ tail }) => (tail.cut > 5 ? [{ path: 'tail.cut', message: `found ${tail.cut}, need at most 5` }] : []),
};
const schemes = new Map<string, Scheme>([...regimes, ['memory', memory]]);
const parse = (file: JsonObject) => parseExperiment(file, schemes);

const file = { name: 'm', regime: 'memory', tail: { exponent: [1, 2], cut: [3, 4] } };

describe('a regime of another kind', () => {
  it('has the axes it declares and no others', () => {
    const { panels } = parse(file);
    expect(panels[0]!.axes.map(({ path }) => path)).toEqual(['tail.exponent', 'tail.cut']);
    expect(panels[0]!.cells.map(({ at }) => Object.values(at))).toEqual([
      [1, 3],
      [1, 4],
      [2, 3],
      [2, 4],
    ]);
    expect(panels[0]!.figure).toEqual({ x: 'tail.exponent', series: 'tail.cut' });
    expect(parse(parse(file).file)).toEqual(parse(file));
  });

  it('refuses the keys of others', () => {
    expect(problemsOf(() => parse({ ...file, dimension: 3 }))[0]).toMatchObject({ path: 'dimension' });
  });

  it('tells its own problems where they were made', () => {
    const panels: JsonObject[] = [{ name: 'a' }, { name: 'b', tail: { cut: 9 } }];
    expect(problemsOf(() => parse({ ...file, panels }))).toEqual([
      { path: 'panels.b.tail.cut', message: 'found 9, need at most 5' },
    ]);
  });

  it('may stand beside another regime', () => {
    const { name, ...replace } = small;
    const { name: _, ...other } = file;
    const both = parse({
      name: name!,
      panels: [
        { name: 'a', ...replace },
        { name: 'b', ...other },
      ],
    });
    expect(both.panels.map(({ regime }) => regime)).toEqual(['replace', 'memory']);
    expect(parse(both.file)).toEqual(both);
  });
});
