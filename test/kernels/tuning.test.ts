import { describe, expect, it } from 'vitest';
import type { Gpu } from '../../src/gpu/gpu.ts';
import { choleskyShare, choleskySteps } from '../../src/kernels/cholesky.ts';
import { triangleGroups } from '../../src/kernels/products.ts';
import { PANEL, tilesFor } from '../../src/kernels/tiles.ts';
import { PORTABLE, TUNINGS, tuningName, tuningOf } from '../../src/kernels/tuning.ts';

/*
 * Plan: the choice of a row of the tuning table, and what its numbers of lanes make of a shape.
 * - GPUs, software drivers with and without subgroups; a forced row; an unknown one; one the device cannot run
 * - Cholesky: small matrices share a workgroup, each with as few lanes as hold a row; the panels of all dispatches together are those of the matrix, each once, and workgroups reach every column
 * - Gram: as many workgroups as row blocks need
 */

const device = (software: boolean, subgroups: boolean, tuning?: string) =>
  ({ adapter: { software }, device: { features: new Set(subgroups ? ['subgroups'] : []) }, tuning }) as unknown as Gpu;

describe('the row of the tuning table', () => {
  it.each([
    [false, true, 'gpu'],
    [false, false, 'gpu'],
    [true, true, 'software'],
    [true, false, 'portable'],
  ] as const)('software %s, subgroups %s: %s', (software, subgroups, row) => {
    expect(tuningName(device(software, subgroups))).toBe(row);
  });

  it('is the one asked for', () => {
    expect(tuningName(device(true, true, 'portable'))).toBe('portable');
    expect(() => tuningName(device(true, true, 'fastest'))).toThrow('allowed are portable, gpu, software');
    expect(() => tuningName(device(false, false, 'software'))).toThrow('needs subgroups');
  });
});

it('has tall tiles where eight lanes of a subgroup can hold their rows', () => {
  const tilesOf = (subgroup?: number) => tuningOf({ ...PORTABLE, tuning: 'software', subgroup }).products;
  expect(tilesOf()).toEqual({ source: 'broadcast', lanes: 16 });
  expect(tilesOf(4)).toEqual({ source: 'broadcast', lanes: 4 });
  expect(tilesOf(8)).toEqual({ source: 'wide', lanes: 8 });
  expect(tilesOf(32)).toEqual({ source: 'wide', lanes: 16 });
  expect(tuningOf({ tuning: 'gpu', subgroup: 32 })).toBe(TUNINGS.gpu);
  expect(tilesFor(tilesOf(8), 16).source).toBe('broadcast');
});

it('packs small matrices into a workgroup', () => {
  expect([16, 32, 48, 64, 112, 128, 1024].map((stride) => choleskyShare(stride, 64, 'memory'))).toEqual([
    8, 16, 16, 32, 32, 64, 64,
  ]);
  expect(choleskyShare(16, 16, 'broadcast')).toBe(16);
  for (const stride of [16, 32, 48, 64, 112])
    expect(choleskySteps(stride, choleskyShare(stride, 64, 'memory'))).toHaveLength(1);
});

describe.each(Object.entries(TUNINGS))('%s', (_, { lanes }) => {
  it.each([16, 64, 256, 304, 1024])('covers a matrix of order %i', (stride) => {
    const all = choleskySteps(stride, lanes);
    const steps = all.flatMap((step) => ('end' in step ? [] : [step]));
    const panels = steps.flatMap(({ panel4, panels }) => Array.from({ length: panels }, (_, p) => panel4 + 4 * p));
    expect(panels).toEqual(Array.from({ length: stride / PANEL }, (_, p) => 4 * p));
    for (const { panel4, groups } of steps) {
      const reached = lanes - 8 + (groups - 1) * (lanes - 4);
      expect(reached).toBeGreaterThanOrEqual(stride / 4 - panel4 - 4);
      if (groups > 1) expect(reached - (lanes - 4)).toBeLessThan(stride / 4 - panel4 - 4);
    }
  });

  it.each([
    [1024, 1024],
    [1024, 496],
  ])('takes every row once out of all that is behind it, order %i, %i rows', (stride, rows) => {
    // Row k has been taken out of row i by an update, or is summed by the panel of i.
    const taken = Array.from({ length: rows }, () => 0);
    for (const step of choleskySteps(stride, lanes, { rows })) {
      if ('end' in step) {
        for (let i = step.end; i < rows; i++) {
          expect(taken[i]).toBe(step.begun);
          taken[i] = step.end;
        }
        expect(step.groups).toBe(triangleGroups(stride / 4, lanes, { from: step.end, to: rows }));
      } else
        for (let i = 4 * step.panel4; i < 4 * step.panel4 + PANEL * step.panels; i++) expect(taken[i]).toBe(step.begun);
    }
    expect(taken.at(-1)).toBeGreaterThan(0);
  });

  it('counts the workgroups of a Gram matrix', () => {
    expect(triangleGroups(4, lanes)).toBe(1);
    expect(triangleGroups(lanes + 4, lanes)).toBe(2 + lanes / 4);
    expect(triangleGroups(lanes + 8, lanes, { block: 32 })).toBe(2 + lanes / 8);
    expect(triangleGroups(16, lanes, { from: 32, to: 48 }) + triangleGroups(16, lanes, { from: 48 })).toBe(
      triangleGroups(16, lanes, { from: 32 }),
    );
  });
});
