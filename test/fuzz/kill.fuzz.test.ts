import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readStored } from '../../src/cli/stored.ts';
import { fuzzCount } from '../support/fuzz.ts';

/*
 * Plan: the built command on the f64 reference is killed (-9) at a random moment and started again, over and over in the same folder,
 * until it comes to its end; then in a new one. One lane: `run --resume`. The other: two shards, then `merge`, each until it ends.
 * - moments: before the first batch, while batches are drawn, while files are read and written
 * - each time the results and the table are those of a run without interruption, byte for byte
 * - no trial is in the files of two attempts: nothing that was finished is drawn again
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
function live(args: readonly string[], until?: (ended: AbortSignal) => Promise<unknown>): Promise<Life> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [command, ...args, '--quiet'], { stdio: ['ignore', 'ignore', 'pipe'] });
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

const filesIn = (folder: string) =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.trials'))
        .map((name) => join(folder, name))
    : [];
const bytesIn = (folder: string) => filesIn(folder).reduce((sum, path) => sum + statSync(path).size, 0);

/** A moment soon after the start, or soon after the next batch. */
function moment(folder: string): (ended: AbortSignal) => Promise<void> {
  const early = Math.random() < 0.2;
  const wait = Math.random() * (early ? 1000 : 500);
  return async (ended) => {
    // A first line is shorter, a batch longer.
    const before = bytesIn(folder) + 1000;
    while (!early && !ended.aborted && bytesIn(folder) < before) await sleep(10);
    await sleep(wait);
  };
}

const panelsIn = (folder: string) => JSON.parse(readFileSync(join(folder, 'results.json'), 'utf8')).panels;
const tableIn = (folder: string) => readFileSync(join(folder, 'table.csv'), 'utf8');

const begin = ['run', file, '--backend', 'reference'];
const LANES: Readonly<Record<string, (folder: string) => readonly (readonly string[])[]>> = {
  run: (folder) => [[...begin, '--resume', '--out', folder]],
  shards: (folder) => [
    [...begin, '--shard', '2/2', '--out', folder],
    [...begin, '--shard', '1/2', '--out', folder],
    ['merge', folder],
  ],
};

it('comes to the same end, however often it is killed', async () => {
  const whole = join(home, 'whole');
  const start = performance.now();
  expect(await live([...begin, '--out', whole])).toEqual({ code: 0, stderr: '' });
  const duration = performance.now() - start;
  let kills = fuzzCount(200);
  const lane = async ([name, commands]: (typeof lanes)[number]) => {
    for (let n = 0; kills > 0; n++) {
      const folder = join(home, `${name}-${n}`);
      const fates: string[] = [];
      for (const args of commands(folder)) {
        let code: number | null = null;
        while (code === null) {
          const until = args[0] === 'run' ? moment(folder) : () => sleep(2 * duration * Math.random());
          const life = await live(args, kills > 0 ? until : undefined);
          code = life.code;
          if (code === null) kills--;
          fates.push(`${args[0]}: ${code ?? 'killed'} at ${bytesIn(folder)} bytes`);
          expect(life.stderr, fates.join(', ')).toBe('');
        }
        expect(code, fates.join(', ')).toBe(0);
      }
      expect(panelsIn(folder), fates.join(', ')).toEqual(panelsIn(whole));
      expect(tableIn(folder)).toBe(tableIn(whole));
      const drawn = filesIn(folder).flatMap((path) => [...readStored(path, [])].map(({ batch }) => batch.count));
      expect(
        drawn.reduce((sum, count) => sum + count, 0),
        fates.join(', '),
      ).toBe(2 * EXPERIMENT.trials);
      rmSync(folder, { recursive: true });
    }
  };
  const lanes = Object.entries(LANES);
  await Promise.all(lanes.map(lane));
}, 1_800_000);
