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
/** Declares its innermost axis first, and has under `downstream` a number where `replace` has an object. */
const chain: Scheme = {
  name: 'chain',
  parameters: z.strictObject({ step: axis(nonNegative(), { innermost: true }), downstream: axis(nonNegative()) }),
  problems: () => [],
};
const schemes = new Map<string, Scheme>([...regimes, ['memory', memory], ['chain', chain]]);
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

  it('has its innermost axis last wherever the schema has it', () => {
    const [panel] = parse({ name: 'c', regime: 'chain', step: [0, 1], downstream: [5, 6] }).panels;
    expect(panel!.axes.map(({ path }) => path)).toEqual(['downstream', 'step']);
    expect(panel!.cells.map(({ at }) => at.step)).toEqual([0, 1, 0, 1]);
  });

  it('may give a key of another regime another form', () => {
    const { name, ...replace } = small;
    const panels = [
      { name: 'a', ...replace },
      { name: 'b', regime: 'chain', step: 0, downstream: 5 },
    ];
    for (const order of [panels, [...panels].reverse()]) {
      const both = parse({ name: name!, panels: order as JsonObject[] });
      expect(parse(both.file)).toEqual(both);
    }
  });
});
