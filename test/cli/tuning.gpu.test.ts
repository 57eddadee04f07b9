import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { runCommand } from '../../src/cli/run.ts';
import { chooseTuning, WORTH_MEASURING } from '../../src/cli/tuning.ts';
import { tableRow } from '../../src/kernels/tuning.ts';
import { parseResults } from '../../src/report/results-json.ts';
import { useGpu } from '../support/gpu.ts';

/*
 * Plan: which row of the tuning table a run works with, and that results say so.
 * - the row asked for; that of the run that is resumed; the table's for short runs and on software; the measured one for `auto`
 *   and for long runs on a GPU, from the disk after the first time
 * - a resumed run keeps its row; with another one the manifest names both
 */

// The build fills in version and commit, and figures print them.
vi.mock('../../src/cli/package.ts', async (original) => ({
  ...(await original<typeof import('../../src/cli/package.ts')>()),
  packageVersion: '0.0.0',
  packageCommit: null,
}));

const context = useGpu();
const folder = mkdtempSync(join(tmpdir(), 'collapse-tuning-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('the choice', () => {
  const choose = (wish: Partial<Parameters<typeof chooseTuning>[1]>, software = true) => {
    const { gpu } = context;
    const adapter = { ...gpu.adapter, software };
    return chooseTuning({ ...gpu, adapter }, { asked: undefined, work: 0, ...wish }, folder);
  };

  it('takes the row asked for, then that of the resumed run, then the table', async () => {
    const asked = { ...context.gpu, tuning: 'portable' };
    expect((await chooseTuning(asked, { asked: 'portable', work: 0, kept: 'gpu' }, folder)).row).toBe('portable');
    expect((await choose({ kept: 'portable' })).row).toBe('portable');
    const software = { ...context.gpu, adapter: { ...context.gpu.adapter, software: true } };
    expect((await choose({ kept: 'of another version' })).row).toBe(tableRow(software));
    expect((await choose({ work: 1e18 })).because).toBe('from the table');
    expect((await choose({ work: 0.9 * WORTH_MEASURING }, false)).because).toBe('from the table');
    expect(readdirSync(folder)).toEqual([]);
  });

  it('measures once and reads that ever after', async () => {
    const { row, because } = await choose({ asked: 'auto' });
    expect(because).toMatch(/^measured: .*portable \d+\.\d ms/);
    const [name] = readdirSync(folder);
    const path = join(folder, name!, 'verdict.json');
    const verdict = JSON.parse(readFileSync(path, 'utf8'));
    expect(verdict).toMatchObject({ row, adapter: { description: context.gpu.adapter.description } });
    writeFileSync(path, JSON.stringify({ ...verdict, row: 'portable', milliseconds: { portable: 1.25 } }));
    const known = { row: 'portable', because: 'measured: portable 1.3 ms' };
    expect(await choose({ asked: 'auto' })).toEqual(known);
    expect(await choose({ work: WORTH_MEASURING }, false)).toEqual(known);
  });
});

describe('a resumed run', () => {
  beforeEach(() => {
    vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
  });
  const out = join(folder, 'out');
  const run = async (tuning: string, trials: number, resume: boolean) => {
    vi.stubEnv('COLLAPSE_TUNING', tuning);
    const flags = { out, backend: 'node', sampler: 'direct', trials, resume };
    expect(await runCommand('smoke', flags)).toBe(0);
    return parseResults(readFileSync(join(out, 'results.json'), 'utf8')).manifest;
  };

  it('keeps its row, or says that it did not', async () => {
    expect(await run('portable', 4, false)).toMatchObject({ tuning: 'portable' });
    const kept = await run('', 6, true);
    expect(kept).toMatchObject({ tuning: 'portable' });
    expect(kept.resumed).toBeUndefined();
    const mixed = await run('gpu', 8, true);
    expect(mixed).toMatchObject({ tuning: 'gpu', resumed: [{ tuning: 'portable' }] });
    expect(vi.mocked(process.stderr.write).mock.calls.join('')).toContain('not bit for bit');
  });
});
