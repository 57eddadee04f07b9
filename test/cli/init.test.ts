import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { keyHelp } from '../../src/cli/help.ts';
import { initCommand } from '../../src/cli/init.ts';
import { experimentNames, loadExperiment } from '../../src/cli/load.ts';

/*
 * Plan
 * - the template and a copy of every shipped experiment are read, with the name of their file, and nothing is written over
 * - help: of a key, of all that end in a word, of a symbol; what is none is refused with what is near
 */

const home = mkdtempSync(join(tmpdir(), 'collapse-init-'));
afterAll(() => rmSync(home, { recursive: true }));

it('writes an experiment once', async () => {
  const path = join(home, 'my first.json5');
  expect(initCommand(path, undefined)).toContain('collapse theory');
  const { name, panels } = await loadExperiment(path);
  expect([name, panels[0]!.cells.length]).toEqual(['my-first', 36]);
  const before = readFileSync(path, 'utf8');
  expect(() => initCommand(path, 'smoke')).toThrow(/is there already/);
  expect(readFileSync(path, 'utf8')).toBe(before);
  expect(() => initCommand(join(home, 'x.json5'), 'smokey')).toThrow(/did you mean "smoke"/);
});

it.each(experimentNames())('copies %s', async (like) => {
  const path = join(home, `copy-${like}.json5`);
  initCommand(path, like);
  const [copy, shipped] = [await loadExperiment(path), await loadExperiment(like)];
  expect(copy.name).toBe(`copy-${like}`);
  expect({ ...copy.file, name: like }).toEqual(shipped.file);
});

it('helps', () => {
  expect(keyHelp('downstream.rate', [])).toMatch(
    /^downstream\.rate {2}\(η\)\n {2}eta of .*\n {2}number > 0.*sweep\n {2}of descent$/,
  );
  expect(keyHelp('ridge', [])).toMatch(/^downstream\.ridge {2}\(λ\)$[\s\S]*^generator\.ridge {2}\(λ₀\)$/m);
  expect(keyHelp('σ₀', [])).toContain('generator.noise');
  expect(() => keyHelp('downstream.rigde', ['run'])).toThrow('did you mean "downstream.ridge"?');
});
