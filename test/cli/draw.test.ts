import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { drawCommand } from '../../src/cli/draw.ts';
import { runCommand } from '../../src/cli/run.ts';

/*
 * Plan: figures of runs on the f64 reference, drawn again.
 * - a length is the width of the figure, however it is written; a length that is none is exit 2
 * - --facet takes a path, its end or its symbol, and none; an unknown one names the nearest
 * - two runs in one figure: both named, in a folder beside theirs; --names; runs that have no x or no panel in common are exit 2
 * - --bare leaves title and caption out, --caption writes them, as text and as LaTeX; --pdf and --dpi; --together has one file for all panels; what
 *   the next run finds of these it removes
 */

vi.mock('../../src/cli/package.ts', async (original) => ({
  ...(await original<typeof import('../../src/cli/package.ts')>()),
  packageVersion: '0.0.0',
  packageCommit: null,
}));

const SMALL = {
  name: 'small',
  regime: 'replace',
  dimension: 6,
  generator: { samples: 14, noise: [0.1, 0.2] },
  downstream: { samples: 16, noise: 0.1, ridge: [0.1, 1, 10] },
  generations: [0, 2],
  trials: 20,
  figure: { x: 'downstream.ridge' },
};

const home = mkdtempSync(join(tmpdir(), 'collapse-draw-'));
let stdout = '';
const at = (out: string) => join(home, out);

async function run(out: string, changes: object = {}): Promise<void> {
  const file = join(home, 'file.json5');
  writeFileSync(file, JSON.stringify({ ...SMALL, ...changes }));
  await runCommand(file, { out: at(out), backend: 'reference', quiet: true });
}

function muted(): void {
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    stdout += text;
    return true;
  });
}

beforeAll(async () => {
  muted();
  await run('base');
  await run('seed', { seed: 9 });
  await run('across', { figure: { x: 'generator.noise' } });
});
beforeEach(() => {
  stdout = '';
  muted();
});
afterAll(() => {
  vi.restoreAllMocks();
  rmSync(home, { recursive: true });
});

async function drawn(folders: readonly string[], flags: object): Promise<string> {
  stdout = '';
  await drawCommand(folders.map(at), { width: 'default', ...flags });
  return readFileSync(stdout.split('\n')[0]!, 'utf8');
}

const refusal = (folders: readonly string[], flags: object) =>
  expect(drawCommand(folders.map(at), { width: 'default', ...flags })).rejects;

it('takes a length for a width', async () => {
  for (const [width, pixels] of [
    ['icml', '312'],
    ['3.25in', '312'],
    ['84mm', '317.48'],
    ['400', '400'],
    ['300pt', '400'],
  ])
    expect(await drawn(['base'], { width })).toMatch(new RegExp(`^<svg [^>]*width="${pixels}"`));
  for (const width of ['huge', '3 feet', '1mm', '-4in', '99in'])
    await refusal(['base'], { width }).toMatchObject({ exit: 2, message: expect.stringContaining('3.25in') });
});

it('draws frames', async () => {
  const frames = async (facet: string) => (await drawn(['base'], { facet })).match(/<rect /g)!.length;
  for (const name of ['generator.noise', 'noise', 'σ₀']) expect(await frames(name)).toBe(2);
  for (const name of ['none', 'auto']) expect(await frames(name)).toBe(1);
  await refusal(['base'], { facet: 'nois' }).toMatchObject({
    exit: 2,
    message: expect.stringContaining('generations'),
  });
});

it('lays runs over each other', async () => {
  const both = await drawn(['base', 'seed'], {});
  expect(stdout.split('\n')[0]).toBe(join(home, 'base+seed', 'main.svg'));
  expect(both).toContain('>base</text>');
  expect(both).toContain('>seed</text>');
  expect(both).toContain('seed 1, 9;');
  expect(await drawn(['base', 'seed'], { names: 'one, two' })).toContain('>two</text>');
  await run('further/base', { seed: 3 });
  expect(await drawn(['base', 'further/base'], {})).toContain(`>${at('further/base')}</text>`);
  await refusal(['base', 'seed'], { names: 'one' }).toMatchObject({ exit: 2 });
  await refusal(['base', 'across'], {}).toMatchObject({
    exit: 2,
    message: expect.stringContaining('its x is generator noise'),
  });
  await run('two', { panels: [{ name: 'left' }, { name: 'right' }] });
  await refusal(['base', 'two'], {}).toMatchObject({ exit: 2, message: expect.stringContaining('left, right') });
  await refusal(['base'], { panel: 'man' }).toMatchObject({ exit: 2, message: expect.stringContaining('"main"') });
});

it('draws for a paper', async () => {
  await run('paper', { title: 'A paper', panels: [{ name: 'left' }, { name: 'right' }] });
  const flags = { bare: true, pdf: true, dpi: 300, caption: 'tex', width: '3.25in' };
  const bare = await drawn(['paper'], { ...flags, panel: 'left' });
  const files = (name: string) => ['.svg', '.png', '.pdf', '-caption.tex'].map((end) => join(at('paper'), name + end));
  expect(stdout.trim().split('\n')).toEqual(files('left'));
  expect(bare).not.toMatch(/A paper<|Marks: mean/);
  expect(readFileSync(files('left')[1]!).readUInt32BE(16)).toBe(975);
  expect(readFileSync(files('left')[2]!, 'latin1')).toMatch(/^%PDF-.*MediaBox \[0 0 234 /s);
  const tex = readFileSync(files('left')[3]!, 'utf8');
  expect(tex).toMatch(/^\\caption\{\\textbf\{A paper: left\.\} Marks: mean of 20 trials; bands: its 95 \\% interval\./);
  await drawn(['paper'], { ...flags, together: true, caption: 'txt' });
  expect(stdout).toContain(join(at('paper'), 'small-panels-caption.txt'));
  expect(readFileSync(join(at('paper'), 'small-panels-caption.txt'), 'utf8')).toMatch(/^A paper\. Marks: mean of 20/);
  await refusal(['paper'], { caption: 'doc' }).toMatchObject({ exit: 2 });
  await run('paper', { title: 'A paper', panels: [{ name: 'left' }, { name: 'right' }] });
  expect(readdirSync(at('paper')).filter((name) => /\.pdf|caption|small-panels/.test(name))).toEqual([]);
});
