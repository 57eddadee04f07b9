import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { type Block, runBlock, type TrialShape } from '../../bench/block.ts';
import { Budget } from '../../bench/budget.ts';
import { expectedMean } from '../../bench/cases/trials.ts';
import type { RowHead } from '../../bench/record.ts';
import { Peer, peerCommands, peerEntries } from '../../src/cli/bench-peers.ts';

/*
 * Plan: the runner's half of the protocol of bench/peers/README.md, against a contestant that is no library at all.
 * - a peer says hello; its methods become rows, variants only in whole jobs; trials are asked for until they fill a repeat
 * - rates of several processes add up; the mean is held against theory, and a wrong one marks the row
 * - what it cannot do is missing with its words; a peer that is missing, dies, or is no program is missing as a whole
 * - files in the folder become commands by their names
 */

const shape: TrialShape = {
  d: 8,
  samples: 16,
  generatorSamples: 16,
  generations: [0],
  ridges: [0.1],
  exponent: null,
};
const mean = String(expectedMean(shape));
const fake = (processes: number, ...args: string[]) => ({
  name: 'fake',
  command: process.execPath,
  processes,
  args: [join(import.meta.dirname, 'fake-contestant.mjs'), ...args],
});
const head: Omit<RowHead, 'contestant'> = {
  group: 'samplers',
  block: 'b',
  name: 'trial',
  shape: {},
  unit: 'trial',
  flopsPerUnit: 0,
  bytesPerUnit: 0,
};
const trials: Block = { name: 'b', entries: [], question: { case: 'trial', shape, head } };
const options = { rounds: 2, mostSeconds: 100, budget: new Budget(null), say: () => {}, keep: () => {} };

const open: Peer[] = [];
afterEach(() => {
  for (const peer of open.splice(0)) peer.close();
});

async function started(processes: number, ...args: string[]): Promise<Peer> {
  const peer = await Peer.start(fake(processes, ...args));
  if (!(peer instanceof Peer)) throw new Error(peer.missing);
  open.push(peer);
  return peer;
}

describe('contestants', () => {
  it('draw trials by every method, in as many processes as they have', async () => {
    const peer = await started(2, 'good', mean);
    const { rows } = await runBlock({ ...trials, entries: peerEntries(peer, trials, 0.5) }, options);
    expect(rows.map(({ contestant, verdict, units }) => [contestant, verdict, units])).toEqual([
      ['fake plain', 'ok', 64],
      ['fake plain-f32', 'ok', 64],
    ]);
    // 64 trials take 0.64 s, and two processes do them at once.
    for (const { seconds } of rows) for (const one of seconds) expect(one).toBeCloseTo(0.32);
  });

  it('are asked for variants in whole jobs only', async () => {
    const peer = await started(1, 'good', mean);
    const block: Block = { ...trials, question: { case: 'trial', shape, head: { ...head, group: 'trials' } } };
    expect(peerEntries(peer, block, 1).map((entry) => entry.head.contestant)).toEqual(['fake plain']);
  });

  it('are wrong where their mean is', async () => {
    const peer = await started(1, 'good', String(3 * Number(mean)));
    const { rows } = await runBlock({ ...trials, entries: peerEntries(peer, trials, 1).slice(0, 1) }, options);
    const [row] = rows;
    expect(row).toMatchObject({ verdict: 'wrong' });
    expect(row!.check!.value).toBeCloseTo(2);
  });

  it('say what they cannot do, and are not asked for what they do not have', async () => {
    const peer = await started(1, 'good', mean);
    const question = { case: 'gram', shape: { rows: 4, columns: 2, batch: 1 }, head, units: 1 } as const;
    const entries = peerEntries(peer, { ...trials, question }, 1);
    const {
      rows: [row],
    } = await runBlock({ ...trials, entries }, options);
    expect(row).toMatchObject({ verdict: 'missing', note: 'too large', contestant: 'fake' });
    expect(peerEntries(peer, { ...trials, question: { ...question, case: 'matmul' } }, 1)).toEqual([]);
    expect(peerEntries(peer, { name: 'b', entries: [] }, 1)).toEqual([]);
  });

  it('are missing where they say so, end early, or cannot be started', async () => {
    expect(await Peer.start(fake(1, 'missing'))).toEqual({ name: 'fake', missing: 'not installed' });
    expect(await Peer.start(fake(2, 'dies'))).toMatchObject({ name: 'fake', missing: expect.stringMatching(/ended/) });
    const none = { name: 'none', command: '/no/such/program', args: [], processes: 1 };
    expect(await Peer.start(none)).toMatchObject({ name: 'none', missing: expect.stringMatching(/ENOENT/) });
  });

  it('are found by the names of their files', () => {
    const folder = mkdtempSync(join(tmpdir(), 'collapse-peers-'));
    for (const file of ['numpy_peer.py', 'contestant.py', '_helper.mjs', 'jax_js.mjs', 'README.md'])
      writeFileSync(join(folder, file), '');
    const found = peerCommands(folder).map(({ name, command, args }) => [name, command, args[0]]);
    rmSync(folder, { recursive: true });
    expect(found).toEqual([
      ['jax_js', process.execPath, join(folder, 'jax_js.mjs')],
      ['numpy', 'python3', join(folder, 'numpy_peer.py')],
    ]);
    expect(peerCommands(join(folder, 'gone'))).toEqual([]);
  });
});
