import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { fuzzCount } from '../support/fuzz.ts';

/*
 * Plan: the built command on the f64 reference is killed (-9) at a random moment and started again with --resume, over and over
 * in the same folder, until it comes to its end; then in a new one.
 * - moments: before the first batch, while batches are drawn, while files are written
 * - each time it comes to its end its results and its table are those of a run without interruption, byte for byte
 * - nothing stands in the way of the next start: not the lock of the dead, not half a record, not a draft of a file
 */

const command = join(import.meta.dirname, '../../dist/cli/collapse.js');
const home = mkdtempSync(join(tmpdir(), 'collapse-kill-'));
const file = join(home, 'kill.json5');

/** One cell to a panel: nothing to draw along an axis, and drawing takes longer than all else. */
const EXPERIMENT = {
  name: 'kill',
  regime: 'replace',
  dimension: 4,
  generator: { samples: 12, noise: 0.2 },
  downstream: { samples: 8, noise: 0.1, ridge: 0.1 },
  generations: 1,
  sampler: 'direct',
  trials: 4000,
  panels: [{ name: 'few' }, { name: 'many', downstream: { samples: 40 } }],
};

beforeAll(() => {
  writeFileSync(file, JSON.stringify(EXPERIMENT));
});
afterAll(() => rmSync(home, { recursive: true }));

interface Life {
  /** Null where it was killed. */
  readonly code: number | null;
  readonly stderr: string;
}

/** One start of the command; `until` resolves when it is to be killed. */
function live(folder: string, until?: (ended: AbortSignal) => Promise<void>): Promise<Life> {
  const args = [command, 'run', file, '--backend', 'reference', '--resume', '--quiet', '--out', folder];
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    const ended = new AbortController();
    let stderr = '';
    child.stderr.on('data', (data) => {
      stderr += data;
    });
    child.on('close', (code) => {
      ended.abort();
      resolve({ code, stderr });
    });
    until?.(ended.signal).then(() => child.kill('SIGKILL'));
  });
}

const bytesIn = (folder: string) =>
  existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => name.endsWith('.trials'))
        .reduce((sum, name) => sum + statSync(join(folder, name)).size, 0)
    : 0;

/** A moment soon after the start, or soon after the next batch. */
function moment(folder: string): (ended: AbortSignal) => Promise<void> {
  const early = Math.random() < 0.2;
  const wait = Math.random() * (early ? 1000 : 500);
  return async (ended) => {
    const before = bytesIn(folder);
    while (!early && !ended.aborted && bytesIn(folder) === before) await sleep(10);
    await sleep(wait);
  };
}

const panelsIn = (folder: string) => JSON.parse(readFileSync(join(folder, 'results.json'), 'utf8')).panels;
const tableIn = (folder: string) => readFileSync(join(folder, 'table.csv'), 'utf8');

it('comes to the same end, however often it is killed', async () => {
  const whole = join(home, 'whole');
  expect(await live(whole)).toEqual({ code: 0, stderr: '' });
  let kills = fuzzCount(200);
  const lane = async (name: string) => {
    for (let n = 0; kills > 0; n++) {
      const folder = join(home, `${name}-${n}`);
      const fates: string[] = [];
      let code: number | null = null;
      while (code === null) {
        const life = await live(folder, kills > 0 ? moment(folder) : undefined);
        code = life.code;
        if (code === null) kills--;
        fates.push(`${code ?? 'killed'} at ${bytesIn(folder)} bytes`);
        expect(life.stderr, fates.join(', ')).toBe('');
      }
      expect(code, fates.join(', ')).toBe(0);
      expect(panelsIn(folder), fates.join(', ')).toEqual(panelsIn(whole));
      expect(tableIn(folder)).toBe(tableIn(whole));
      rmSync(folder, { recursive: true });
    }
  };
  await Promise.all(['a', 'b'].map(lane));
}, 1_200_000);
