import { expect, it } from 'vitest';
import { z } from 'zod';
import { experimentKeys, keysNamed, keysPage } from '../../src/library/keys.ts';
import { regimes } from '../../src/regimes/index.ts';

/*
 * Plan
 * - docs/experiment-file.md is what the schemas say
 * - every key that any regime takes is in it, found by a walk of its own through the schemas
 * - a key is found by its path, by its end and by its symbol
 */

it('has a page', async () => {
  await expect(keysPage()).toMatchFileSnapshot('../../docs/experiment-file.md');
});

/** Every property name of a JSON schema with its path, whatever unions lie between. */
function pathsIn(node: unknown, path: readonly string[] = []): readonly string[] {
  if (Array.isArray(node)) return node.flatMap((one) => pathsIn(one, path));
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([key, value]) => {
    if (key === 'properties')
      return Object.entries(value as object).flatMap(([name, inner]) => [
        [...path, name].join('.'),
        ...pathsIn(inner, [...path, name]),
      ]);
    return key === 'anyOf' || key === 'oneOf' ? pathsIn(value, path) : [];
  });
}

it.each([...regimes.values()])('has every key of $name', ({ name, parameters }) => {
  const paths = new Set(
    pathsIn(z.toJSONSchema(parameters, { io: 'input' })).filter((path) => !/(log|lin)space$/.test(path)),
  );
  const known = experimentKeys()
    .filter((entry) => entry.regimes.includes(name))
    .map(({ path }) => path);
  const missing = [...paths].filter(
    (path) => !known.includes(path) && !known.some((one) => one.startsWith(`${path}.`)),
  );
  expect(missing).toEqual([]);
  expect(paths.size).toBeGreaterThan(4);
});

it('finds a key', () => {
  expect(keysNamed('downstream.ridge').every(({ path }) => path === 'downstream.ridge')).toBe(true);
  expect(keysNamed('noise').map(({ path }) => path)).toContain('generator.noise');
  expect(keysNamed('σ₀').map(({ path }) => path)).toContain('generator.noise');
  expect(keysNamed('dimension')[0]).toMatchObject({
    symbol: 'd',
    values: expect.stringContaining('integer ≥ 1'),
    swept: true,
  });
  expect(keysNamed('sigma0').map(({ path }) => path)).toContain('generator.noise');
  expect(keysNamed('nothing')).toEqual([]);
});
