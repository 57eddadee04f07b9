import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, it, vi } from 'vitest';
import { certifyCommand } from '../../src/cli/certify.ts';
import { drawCommand } from '../../src/cli/draw.ts';
import { JournalFile } from '../../src/cli/journal-file.ts';
import { mergeCommand } from '../../src/cli/merge.ts';
import { runCommand } from '../../src/cli/run.ts';
import { shardCommand } from '../../src/cli/shard.ts';
import type { JournalEntry } from '../../src/engine/journal.ts';
import type { Results } from '../../src/experiment/results.ts';
import { contractCases } from '../regimes/contract-cases.ts';

/*
 * Plan: runs as a user makes them, certified.
 * - a run of the device, by each way to draw that fits, and one of the f64 reference: exit 0, every replayed error counted, the outcome in
 *   results.json and in the caption
 * - the same of mixtures, descents, tokens, pairs and memories; of shards that were merged
 * - no false alarm where f32 has the fewest digits: the ridge of a bidiagonal matrix of order 4096, 2000 fits at T = d = 8
 * - the same seed chooses the same trials; of few trials all are taken
 * - one recorded number changed by 1e-3 (f32) or 1e-9 (f64), its checksum as it should be: exit 1, its cell and trial named
 * - a mean, or a median, that is not that of the trials: exit 1, and what is right
 * - no journal, another version of a sampler: exit 2 and a sentence
 * - a later run leaves no certificate
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
  generator: { samples: 14, noise: 0.2 },
  downstream: { samples: 16, noise: 0.1, ridge: [0.1, 1] },
  generations: [0, 2],
  trials: 12,
};

const home = mkdtempSync(join(tmpdir(), 'collapse-certify-'));
let stdout = '';
const at = (out: string) => join(home, out);

async function run(out: string, changes: object = {}, backend = 'reference', flags: object = {}): Promise<void> {
  const file = join(home, 'file.json5');
  writeFileSync(file, JSON.stringify({ ...SMALL, ...changes }));
  expect(await runCommand(file, { out: at(out), backend, quiet: true, ...flags })).toBe(0);
  stdout = '';
}

const resultsOf = (out: string): Results => JSON.parse(readFileSync(join(at(out), 'results.json'), 'utf8'));

async function certify(out: string, trials: number, seed = 1) {
  stdout = '';
  const exit = await certifyCommand(at(out), { trials, seed, quiet: true, json: true });
  return { exit, report: JSON.parse(stdout) };
}

beforeEach(() => {
  stdout = '';
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    stdout += text;
    return true;
  });
});
afterAll(() => {
  vi.restoreAllMocks();
  rmSync(home, { recursive: true });
});

it.each(['direct', 'wishart', 'bidiagonal', 'krylov', 'reference'])('certifies what %s draws', async (name) => {
  const onReference = name === 'reference';
  // Krylov spaces pay where they are small beside the dimension.
  const large = {
    dimension: 150,
    generator: { samples: 320, noise: 0.2 },
    downstream: { ...SMALL.downstream, samples: 300 },
  };
  const changes = onReference ? {} : { sampler: name, ...(name === 'krylov' ? large : {}) };
  await run(name, changes, onReference ? 'reference' : 'node');
  const { exit, report } = await certify(name, 5);
  expect(report).toMatchObject({ ok: true, compared: 20, beyond: 0, misstated: 0, trials: 5, seed: 1 });
  expect(report.jobs).toHaveLength(1);
  expect(exit).toBe(0);
  if (onReference) expect(report.ratio).toBe(0);
  else expect(report.ratio).toBeGreaterThan(1e-4);
  expect(resultsOf(name).manifest.certificate).toMatchObject({ compared: 20, ratio: report.ratio });
  await drawCommand([at(name)], { width: 'default', caption: 'txt' });
  expect(readFileSync(join(at(name), 'main-caption.txt'), 'utf8')).toContain('Certified: 5 trials of each job');
});

const tail = { law: { exponent: 1.5, support: 100 }, downstream: { samples: 40 } };

it.each<[string, object]>([
  [
    'jacobi',
    {
      regime: 'mixture',
      sampler: 'jacobi',
      dimension: 20,
      real: { noise: 0.1 },
      synthetic: { fraction: [0.1, 0.5], noise: 0.1, quality: 100 },
      truth: { kind: 'sphere', norm: 0.01 },
      downstream: { samples: 30, ridge: 0 },
    },
  ],
  [
    'descent',
    { regime: 'descent', dimension: 12, downstream: { samples: 600, noise: 0.3, rate: [0.01, 0.1] }, generations: 0 },
  ],
  ['span', { regime: 'curation', ...contractCases.curation![1] }],
  [
    'newton',
    { regime: 'logistic-chain', ...contractCases['logistic-chain']![0], measure: 'cosine', truth: { norm: 0.3 } },
  ],
  // Half of the coefficients are negative.
  [
    'accepted',
    { regime: 'verified-regression', ...contractCases['verified-regression']![1], truth: { coefficient: 0 } },
  ],
  ['tokens', { regime: 'hutter', ...tail, sampler: 'tokens' }],
  ['poisson', { regime: 'hutter', ...tail, sampler: 'poisson', draws: 'poisson' }],
  ['pairs', { regime: 'bigram', ...contractCases.bigram![0] }],
  ['memory', { regime: 'associative-memory', ...contractCases['associative-memory']![0] }],
])('certifies what %s draws', async (name, setting) => {
  const { generator: _, ...rest } = SMALL;
  const { generations: __, downstream: ___, dimension: ____, ...bare } = rest;
  const file = join(home, 'file.json5');
  writeFileSync(file, JSON.stringify({ ...bare, ...setting }));
  expect(await runCommand(file, { out: at(name), backend: 'node', quiet: true })).toBe(0);
  const { exit, report } = await certify(name, 12);
  expect(report).toMatchObject({ ok: true, beyond: 0, misstated: 0, trials: 12 });
  expect(report.jobs[0]).toMatchObject({ sampler: name });
  expect(exit).toBe(0);
});

it.each<[string, object]>([
  [
    'of order 4096',
    {
      sampler: 'bidiagonal',
      dimension: 4096,
      downstream: { samples: 4096, noise: 0.5, ridge: 1e-10 },
      trials: 100,
    },
  ],
  [
    'at T = d = 8',
    { sampler: 'direct', dimension: 8, downstream: { samples: 8, noise: 0.5, ridge: 1e-6 }, trials: 2000 },
  ],
])('raises no false alarm: %s', async (_, setting) => {
  await run('alarm', { ...setting, generations: 0 }, 'node', { force: true });
  const { report } = await certify('alarm', 2000);
  expect(report).toMatchObject({ ok: true, beyond: 0 });
  expect(report.ratio).toBeGreaterThan(0.05);
});

it('certifies shards that were merged', async () => {
  const file = join(home, 'shards.json5');
  writeFileSync(file, JSON.stringify({ ...SMALL, sampler: 'direct' }));
  for (const index of [1, 2])
    expect(
      await shardCommand(file, { out: at('shards'), backend: 'reference', shard: { index, count: 2 }, quiet: true }),
    ).toBe(0);
  expect(await mergeCommand(at('shards'), { quiet: true })).toBe(0);
  expect(await certify('shards', 12)).toMatchObject({ exit: 0, report: { compared: 48, ratio: 0 } });
});

it('certifies the shards that are there', async () => {
  const file = join(home, 'partial.json5');
  writeFileSync(file, JSON.stringify({ ...SMALL, sampler: 'direct' }));
  for (const index of [1, 3]) {
    const shard = { index, count: 3 };
    expect(await shardCommand(file, { out: at('partial'), backend: 'reference', shard, quiet: true })).toBe(0);
  }
  expect(await mergeCommand(at('partial'), { quiet: true, partial: true })).toBe(0);
  expect(await certify('partial', 12)).toMatchObject({ exit: 0, report: { compared: 32, misstated: 0, ratio: 0 } });
});

it('chooses the same trials for the same seed, and all where there are few', async () => {
  await run('chosen');
  const trials = async (count: number, seed: number) => (await certify('chosen', count, seed)).report.jobs[0].trials;
  const some = await trials(4, 7);
  expect(some).toHaveLength(4);
  expect(await trials(4, 7)).toEqual(some);
  expect(await trials(4, 8)).not.toEqual(some);
  expect(await trials(100, 7)).toEqual(Array.from({ length: 12 }, (_, trial) => trial));
  expect((await certify('chosen', 100, 7)).report.trials).toBe(12);
});

/** Writes the journal anew with one error times a factor. */
async function altered(out: string, factor: number): Promise<void> {
  const journal = new JournalFile(at(out), { resume: true, experiment: 'e' });
  const entries: JournalEntry[] = [...journal.past].map(({ job, batch }) => ({ job, batch: structuredClone(batch) }));
  await journal.close();
  const { batch } = entries[0]!;
  batch.errors[2 * batch.count + 3]! *= factor;
  rmSync(join(at(out), 'journal.trials'));
  const again = new JournalFile(at(out), { resume: false, experiment: 'e' });
  for (const entry of entries) again.append(entry);
  again.end('complete');
  await again.close();
}

it.each([
  ['node', 1.001],
  ['reference', 1 + 1e-9],
])('finds one number of %s that is not what was drawn', async (backend, factor) => {
  const folder = `altered-${backend}`;
  await run(folder, { sampler: 'direct' }, backend, { force: true });
  await altered(folder, factor);
  const { exit, report } = await certify(folder, 12);
  expect(exit).toBe(1);
  expect(report.beyond).toBe(1);
  const [job] = report.jobs;
  expect(job.worst.trial).toBe(3);
  expect(job.worst.recorded / job.worst.replayed).toBeCloseTo(factor, 5);
  expect(job.worst.at).toEqual(resultsOf(folder).panels[0]!.cells[2]!.at);
  await drawCommand([at(folder)], { width: 'default', caption: 'txt' });
  expect(readFileSync(join(at(folder), 'main-caption.txt'), 'utf8')).toContain('NOT CERTIFIED');
});

it.each(['mean', 'median'] as const)('finds a %s that is not that of the trials', async (statistic) => {
  await run('misstated', {}, 'reference', { force: true });
  const results = resultsOf('misstated');
  const right = results.panels[0]!.cells[1]![statistic];
  (results.panels[0]!.cells[1] as { [key in typeof statistic]: number })[statistic] = 1.0001 * right;
  writeFileSync(join(at('misstated'), 'results.json'), JSON.stringify(results));
  const { exit, report } = await certify('misstated', 2);
  expect(exit).toBe(1);
  expect(report.cells).toHaveLength(1);
  expect(report.cells[0]).toMatchObject({ panel: 'main', statistic, at: results.panels[0]!.cells[1]!.at });
  expect(report.cells[0].found).toBeCloseTo(right, 12);
});

it('says why it cannot replay', async () => {
  await run('version');
  const results = resultsOf('version');
  (results.manifest.samplers as Record<string, number>).bidiagonal = 1000;
  writeFileSync(join(at('version'), 'results.json'), JSON.stringify(results));
  await expect(certify('version', 2)).rejects.toMatchObject({
    exit: 2,
    message: expect.stringContaining('version 1000'),
  });
  await run('bare');
  rmSync(join(at('bare'), 'journal.trials'));
  await expect(certify('bare', 2)).rejects.toMatchObject({
    exit: 2,
    message: expect.stringContaining('No recorded trials'),
  });
});

it('leaves no certificate to a later run', async () => {
  await run('later');
  await certify('later', 2);
  expect(resultsOf('later').manifest.certificate).toBeDefined();
  await run('later', { trials: 20 }, 'reference', { resume: true });
  expect(resultsOf('later').manifest.certificate).toBeUndefined();
});
