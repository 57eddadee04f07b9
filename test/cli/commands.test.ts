import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

/*
 * Plan: the command as a user meets it: the built program in a process of its own, on the f64 reference (no adapter needed)
 * and a tiny experiment.
 * - run writes results.json, table.csv, figures and trials on request, prints the table, exits 0; check then exits 0
 * - check exits 1 when one mean is altered by 8 standard errors, or when its z is altered along with it
 * - check exits 1 when a printed value disagrees, 0 when the file declares it a misprint; new ones need no new trials; draw
 *   makes the figures of another width from the results
 * - --json prints the results; --quiet says nothing on stderr; --set, --trials, --seed and --panel change the experiment
 * - the same seed gives the same numbers, another seed others
 * - list, plan, theory and schema print what they promise; JSON where asked for
 * - exit codes: 2 for unknown experiments, keys, options and commands, all problems at once; 2 for a folder without
 *   results; 4 for a folder that cannot be written; 130 for Ctrl-C, with the finished batches saved and resumed
 */

const command = join(import.meta.dirname, '../../dist/cli/collapse.js');
const folder = mkdtempSync(join(tmpdir(), 'collapse-cli-'));
const out = join(folder, 'out');

afterAll(() => rmSync(folder, { recursive: true }));

interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function collapse(...args: string[]): Promise<Run> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [command, ...args], {
      cwd: folder,
      env: { ...process.env, COLLAPSE_ADAPTER: 'none' },
    });
    const text = { stdout: '', stderr: '' };
    child.stdout.on('data', (data) => {
      text.stdout += data;
    });
    child.stderr.on('data', (data) => {
      text.stderr += data;
    });
    child.on('close', (code) => resolve({ code, ...text }));
  });
}

const TINY = [
  '--set',
  'dimension=4',
  '--set',
  'generator.samples=12',
  '--set',
  'downstream.samples=16',
  '--trials',
  '40',
];
const run = (...args: string[]) =>
  collapse('run', 'smoke', '--sampler', 'direct', '--backend', 'reference', ...TINY, ...args);

describe('collapse run and check', () => {
  it('writes everything and agrees with theory', async () => {
    const { code, stdout, stderr } = await run('--out', out, '--trials-file');
    expect(code).toBe(0);
    expect(stdout).toMatch(/trials\s+failed\s+mean/);
    expect(stdout).toMatch(/PASS: 15 agrees of 15 cells/);
    expect(stderr).toMatch(/40 of 40 trials · .* trials\/s · 0 s left/);
    for (const file of ['results.json', 'table.csv', 'main.svg', 'main.png', 'trials.parquet'])
      expect(existsSync(join(out, file)), file).toBe(true);
    const results = JSON.parse(readFileSync(join(out, 'results.json'), 'utf8'));
    expect(Object.keys(results)).toEqual(['format', 'experiment', 'manifest', 'panels']);
    const statistics = ['mean', 'sem', 'sd', 'median', 'q05', 'q95'];
    expect(Object.keys(results.panels[0].cells[0])).toEqual(
      expect.arrayContaining(['at', 'trials', 'failed', 'sampler', ...statistics, 'theory', 'z']),
    );
    expect(results.manifest).toMatchObject({ backend: 'reference', adapter: null, seed: 1, samplers: { direct: 5 } });
    expect((await collapse('check', out)).code).toBe(0);
  });

  it.each(['mean', 'mean and z'])('fails the check when one %s is altered by 8 standard errors', async (what) => {
    const path = join(out, 'results.json');
    const original = readFileSync(path, 'utf8');
    const results = JSON.parse(original);
    const cell = results.panels[0].cells[3];
    cell.mean += 8 * cell.sem;
    if (what === 'mean and z') cell.z += 8;
    writeFileSync(path, JSON.stringify(results));
    const { code, stdout } = await collapse('check', out);
    writeFileSync(path, original);
    expect(code).toBe(1);
    expect(stdout).toMatch(/FAIL/);
  });

  it('holds results against printed values, misprints aside, and draws them again', async () => {
    const target = join(folder, 'printed');
    const file = join(folder, 'printed.json5');
    const entry = (value: number, more = {}) => ({ at: { 'downstream.ridge': 10, generations: 0 }, value, ...more });
    const problem = {
      name: 'printed',
      regime: 'replace',
      dimension: 4,
      generator: { samples: 12, noise: 0.2 },
      downstream: { samples: 16, noise: 0.1, ridge: [0.1, 10] },
      generations: [0, 1],
      trials: 40,
    };
    const runWith = async (...expected: object[]) => {
      writeFileSync(file, JSON.stringify({ ...problem, expected }));
      expect((await collapse('run', file, '--backend', 'reference', '--resume', '--out', target)).code).toBe(0);
      const { code, stdout } = await collapse('check', target, '--json');
      return { code, report: JSON.parse(stdout), text: (await collapse('check', target)).stdout };
    };
    const first = await runWith();
    expect(first).toMatchObject({ code: 0, report: { printed: [] } });
    const { mean } = JSON.parse(readFileSync(join(target, 'results.json'), 'utf8')).panels[0].cells[2];
    const right = await runWith(entry(mean));
    expect(right).toMatchObject({ code: 0, report: { ok: true, panels: [{ printed: { verdict: 'agrees' } }] } });
    const wrong = await runWith(entry(mean), entry(2 * mean));
    expect(wrong).toMatchObject({ code: 1, report: { ok: false, panels: [{ printed: { verdict: 'disagrees' } }] } });
    expect(wrong.text).toMatch(/✗ disagrees[\s\S]*FAIL/);
    const declared = await runWith(entry(2 * mean, { misprint: 'a slip' }));
    expect(declared).toMatchObject({ code: 0, report: { ok: true, panels: [{ printed: { verdict: 'misprint' } }] } });
    expect(declared.text).toMatch(/misprint: a slip[\s\S]*PASS/);

    const latex = await collapse('table', target, '--format', 'latex');
    expect(latex.stdout).toMatch(
      /^% \\usepackage\{booktabs\}\n\\begin\{tabular\}[\s\S]*\$\\lambda\$[\s\S]*agrees \\\\\n/,
    );
    const csv = await collapse('table', target, '--format', 'csv');
    expect(csv.stdout).toBe(readFileSync(join(target, 'table.csv'), 'utf8').replaceAll('\r\n', '\n'));
    expect((await collapse('table', target, '--format', 'html')).code).toBe(2);
    // A folder of results stands for the experiment in it.
    expect((await collapse('cite', target)).stdout).toBe((await collapse('cite', 'smoke')).stdout);
    const planned = await collapse('plan', target);
    expect([planned.code, planned.stdout]).toEqual([0, (await collapse('plan', join(target, 'results.json'))).stdout]);
    expect(planned.stdout).toBe((await collapse('plan', file)).stdout);
    const bare = await collapse('plan', folder);
    expect([bare.code, bare.stderr]).toEqual([2, expect.stringContaining('it is a folder, without a results.json')]);
    const cited = await collapse('cite', target.replace('printed', 'no-such'));
    expect([cited.code, (await collapse('cite', 'smoke')).stdout]).toEqual([
      2,
      expect.stringMatching(/@software\{collapselab[\s\S]*@inproceedings\{dohmatob240207712/),
    ]);

    const draw = await collapse('draw', target, '--width', 'icml', '--out', join(folder, 'drawn'), '--prefix', 'x-');
    expect(draw.code).toBe(0);
    expect(readFileSync(join(folder, 'drawn', 'x-main.svg'), 'utf8')).toMatch(/width="312"[\s\S]*Rings/);
    expect((await collapse('draw', target, '--width', 'huge')).code).toBe(2);
  });

  it('prints JSON, keeps quiet, and repeats itself for the same seed only', async () => {
    const first = await run('--out', join(folder, 'a'), '--json', '--quiet');
    expect(first.stderr).toBe('');
    const means = ({ stdout }: Run) => JSON.parse(stdout).panels[0].cells.map((cell: { mean: number }) => cell.mean);
    expect(means(await run('--out', join(folder, 'b'), '--json', '--quiet'))).toEqual(means(first));
    expect(means(await run('--out', join(folder, 'c'), '--json', '--quiet', '--seed', '2'))).not.toEqual(means(first));
  });

  it('stops on Ctrl-C with what is finished and goes on with --resume', async () => {
    const target = join(folder, 'stopped');
    const args = [
      'run',
      'smoke',
      '--sampler',
      'direct',
      '--backend',
      'reference',
      ...TINY.slice(0, -1),
      '400000',
      '--out',
      target,
    ];
    const child = spawn(process.execPath, [command, ...args], { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
    const code = await new Promise<number | null>((resolve) => {
      child.stderr.once('data', () => setTimeout(() => child.kill('SIGINT'), 300));
      child.on('close', resolve);
    });
    expect(code).toBe(130);
    const trials = JSON.parse(readFileSync(join(target, 'results.json'), 'utf8')).panels[0].cells[0].trials;
    expect(trials).toBeGreaterThan(0);
    expect(trials).toBeLessThan(400000);
    const resumed = await run('--out', target, '--resume', '--trials', String(trials + 10), '--json', '--quiet');
    const whole = await run('--out', join(folder, 'whole'), '--trials', String(trials + 10), '--json', '--quiet');
    expect(JSON.parse(resumed.stdout).panels).toEqual(JSON.parse(whole.stdout).panels);
  });
});

describe('the other commands', () => {
  it('lists, plans, predicts and describes', async () => {
    expect((await collapse('list')).stdout).toContain('demystified-fig1');
    const plan = JSON.parse((await collapse('plan', 'demystified-fig1', '--json', '--panel', 'ridge')).stdout);
    expect(plan.jobs).toHaveLength(1);
    expect(plan.jobs[0]).toMatchObject({ panel: 'ridge', cells: 40 });
    expect(plan.jobs[0].flops).toBeGreaterThan(0);
    expect((await collapse('theory', 'smoke', '--set', 'downstream.ridge=0')).stdout).toContain('Thm 4.1');
    const schema = JSON.parse((await collapse('schema')).stdout);
    expect(JSON.stringify(schema)).toContain('downstream');
  });
});

describe('exit codes', () => {
  it.each([
    ['an unknown experiment', ['run', 'demystified-fig2x'], 2, /unknown experiment/],
    ['an unknown key', ['run', 'smoke', '--set', 'downstream.smaples=3'], 2, /did you mean "samples"/],
    [
      'two mistakes at once',
      ['plan', 'smoke', '--set', 'dimension=0', '--set', 'generator.noise=-1'],
      2,
      /dimension[\s\S]*generator\.noise/,
    ],
    ['a wrong option', ['run', 'smoke', '--trials', 'many'], 2, /integer/],
    ['an unknown command', ['fly'], 2, /unknown command/],
    ['an unknown backend', ['run', 'smoke', '--backend', 'cuda'], 2, /node, chrome, firefox or reference/],
    ['an unknown panel', ['run', 'demystified-fig1', '--panel', 'rigde'], 2, /did you mean "ridge"/],
    ['a shard that is none', ['run', 'smoke', '--shard', '4/3'], 2, /need I\/N with 1 ≤ I ≤ N/],
    ['an option not for shards', ['run', 'smoke', '--shard', '1/3', '--json'], 2, /--json is not for shards/],
    ['a folder without shards', ['merge', 'nowhere'], 2, /holds no run in shards/],
    ['a folder without results', ['check', 'nowhere'], 2, /results\.json/],
  ])('%s', async (_, args, expected, message) => {
    const { code, stderr } = await collapse(...args);
    expect(code).toBe(expected);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  it('an output folder that cannot be written', async () => {
    writeFileSync(join(folder, 'file'), '');
    const { code, stderr } = await run('--out', join(folder, 'file', 'below'));
    expect(code).toBe(4);
    expect(stderr).toMatch(/another folder/);
  });
});
