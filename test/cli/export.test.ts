import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, it, vi } from 'vitest';
import { cellNamed } from '../../src/cli/cell-name.ts';
import { exportCommand } from '../../src/cli/export.ts';
import { runCommand } from '../../src/cli/run.ts';
import type { JsonObject } from '../../src/experiment/experiment.ts';
import { parseExperiment } from '../../src/experiment/parse.ts';
import { regimes } from '../../src/regimes/index.ts';

/*
 * Plan: cells as a referee asks for them.
 * - drawn literally, on the device: the script's trials are the recorded ones to f32
 * - drawn by a shortcut: no trial is claimed to be the same; the means agree within four standard errors
 * - a cell is named by key or by symbol, rounded as tables round; none, or several: exit 2, and what there is
 * - or with its panel before it, by the end of a key, by what papers call it on a keyboard; what may be two, or is of another panel: exit 2
 * - a file that is there stays, without --force; without journals, and of another version, no trial is claimed to be the run's
 * - a panel that is no regression: exit 2
 */

vi.mock('../../src/cli/package.ts', async (original) => ({
  ...(await original<typeof import('../../src/cli/package.ts')>()),
  packageVersion: '0.0.0',
  packageCommit: null,
}));

const numpy = spawnSync('python3', ['-c', 'import numpy']).status === 0;
const home = mkdtempSync(join(tmpdir(), 'collapse-export-'));
const at = (out: string) => join(home, out);

const SMALL = {
  name: 'small',
  regime: 'replace',
  dimension: 12,
  generator: { samples: 30, noise: 0.2 },
  downstream: { samples: 40, noise: 0.1, ridge: { logspace: [-2, 0, 4] } },
  generations: [0, 2],
  trials: 400,
};

async function run(out: string, file: object, backend = 'reference'): Promise<void> {
  const path = join(home, 'file.json5');
  writeFileSync(path, JSON.stringify(file));
  expect(await runCommand(path, { out: at(out), backend, quiet: true })).toBe(0);
}

function saidBy(script: string, trials: number): string {
  return execFileSync('python3', [script, String(trials)], { encoding: 'utf8' });
}

beforeEach(() => {
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
});
afterAll(() => {
  vi.restoreAllMocks();
  rmSync(home, { recursive: true });
});

it.runIf(numpy)('writes the trials of a literal sampler', async () => {
  await run('direct', { ...SMALL, sampler: 'direct', trials: 9 }, 'node');
  const out = join(home, 'direct.py');
  expect(await exportCommand(at('direct'), { cell: 'generations=2,downstream.ridge=0.0464', out })).toBe(0);
  const said = saidBy(out, 9);
  expect(said.match(/^trial .* recorded/gm)).toHaveLength(9);
  const apart = Number(/farthest apart: (\S+) of/.exec(said)![1]);
  expect(apart).toBeGreaterThan(1e-10);
  expect(apart).toBeLessThan(1e-5);
});

it.runIf(numpy)('compares means with those of a shortcut', async () => {
  await run('bidiagonal', { ...SMALL, sampler: 'bidiagonal' });
  const out = join(home, 'bidiagonal.py');
  expect(await exportCommand(at('bidiagonal'), { cell: 'n=0,λ=1', out })).toBe(0);
  const said = saidBy(out, 200);
  expect(said).not.toContain('farthest apart');
  expect(Math.abs(Number(/z = (\S+)/.exec(said)![1]))).toBeLessThan(4);
});

it('says which cells there are', async () => {
  await run('cells', { ...SMALL, trials: 2 });
  const refused = (flags: object, message: string) =>
    expect(exportCommand(at('cells'), flags)).rejects.toMatchObject({
      exit: 2,
      message: expect.stringContaining(message),
    });
  await refused({}, '8 cells are meant');
  await refused({ cell: 'n=0' }, 'λ (downstream.ridge): 0.01, 0.04642, 0.2154, 1');
  await refused({ cell: 'n=1,λ=1' }, 'no cell is there');
  await refused({ cell: 'generation=0' }, 'did you mean "generations"');
  await refused({ cell: 'n=' }, 'generations=NUMBER');
  await refused({ panel: 'left' }, 'main');
});

it('finds a cell by its panel and by many names', () => {
  const panels: JsonObject[] = [
    { name: 'left' },
    { name: 'right', generations: 2, downstream: { ...SMALL.downstream, ridge: 1 } },
  ];
  const experiment = parseExperiment({ ...SMALL, panels }, regimes);
  const found = (cell?: string, panel?: string) => {
    const named = cellNamed(experiment, { ...(cell && { cell }), ...(panel && { panel }) });
    const at: Readonly<Record<string, number>> = named.panel.cells[named.place]!.at;
    return { ...at, panel: named.panel.name } as Readonly<Record<string, number | string>>;
  };
  const meant = { panel: 'left', generations: 2, 'downstream.ridge': 10 ** (-4 / 3) };
  for (const name of [
    'n=2,λ=0.0464',
    'generations=2, ridge=0.0464',
    'lambda=0.0464,n=2',
    'downstream.ridge=0.0464,n=2',
  ]) {
    expect(found(`left/${name}`)).toMatchObject({ panel: 'left', generations: 2 });
    expect(found(`left/${name}`)['downstream.ridge']).toBeCloseTo(meant['downstream.ridge'], 12);
    expect(found(name, 'left')).toEqual(found(`left/${name}`));
  }
  expect(found('right')).toMatchObject({ panel: 'right', generations: 2 });
  expect(found('right/')).toEqual(found('right'));
  for (const [cell, message] of [
    ['n=2', 'PANEL is one of left, right'],
    [undefined, 'PANEL is one of left, right'],
    ['lefd/n=2', 'did you mean "left"'],
    ['left/n=2', '4 cells are meant'],
    ['left/nn=2', 'unknown axis "nn"'],
  ] as const)
    expect(() => found(cell)).toThrow(message);
  expect(() => found('left/n=2', 'right')).toThrow('is not of --panel right');
});

it('keeps a file that is there, and says what it cannot compare', async () => {
  await run('kept', { ...SMALL, sampler: 'direct', trials: 9 });
  const out = join(home, 'kept.py');
  const flags = { cell: 'main/n=2,ridge=1', out };
  expect(await exportCommand(at('kept'), flags)).toBe(0);
  const script = readFileSync(out, 'utf8');
  expect(script).toContain('drew these very trials');
  await expect(exportCommand(at('kept'), flags)).rejects.toMatchObject({
    exit: 2,
    message: expect.stringContaining('--force'),
  });
  const results = readFileSync(join(at('kept'), 'results.json'), 'utf8');
  writeFileSync(join(at('kept'), 'results.json'), results.replace(/"direct": \d+/, '"direct": 2'));
  expect(await exportCommand(at('kept'), { ...flags, force: true })).toBe(0);
  const old = readFileSync(out, 'utf8');
  expect(old).toContain('Single trials of the run are not at hand');
  writeFileSync(join(at('kept'), 'results.json'), results);
  rmSync(join(at('kept'), 'journal.trials'));
  expect(await exportCommand(at('kept'), { ...flags, force: true })).toBe(0);
  expect(readFileSync(out, 'utf8')).toBe(old);
});

it('refuses what is no regression', async () => {
  await run('tokens', {
    name: 'tokens',
    regime: 'hutter',
    law: { exponent: 2, support: 50 },
    downstream: { samples: [10, 20] },
    trials: 2,
  });
  await expect(exportCommand(at('tokens'), { cell: 'T=10' })).rejects.toMatchObject({
    exit: 2,
    message: 'hutter is no linear regression; only those are written in NumPy.',
  });
});
