import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

/*
 * Plan: who listens to a command does not decide what becomes of its work.
 * - stderr full, or its reader gone: the run ends as any other, with its results
 * - stdout full: exit 4 and a sentence, no stack; its reader gone: no word
 * - SIGHUP saves as SIGTERM does, however often they come, in the midst of a trial of minutes too
 */

const command = join(import.meta.dirname, '../../dist/cli/collapse.js');
const folder = mkdtempSync(join(tmpdir(), 'collapse-streams-'));

afterAll(() => rmSync(folder, { recursive: true }));

type Stdio = 'pipe' | 'ignore' | number;

function start(args: readonly string[], stdout: Stdio = 'pipe', stderr: Stdio = 'pipe') {
  const child = spawn(process.execPath, [command, ...args], {
    cwd: folder,
    stdio: ['ignore', stdout, stderr],
    env: { ...process.env, COLLAPSE_ADAPTER: 'none' },
  });
  const said = { stderr: '' };
  child.stderr?.on('data', (data) => {
    said.stderr += data;
  });
  const ended = new Promise<{ code: number | null; stderr: string }>((resolve) =>
    child.on('close', (code) => resolve({ code, ...said })),
  );
  const heard = async (text: string) => {
    while (!said.stderr.includes(text)) await new Promise((resolve) => setTimeout(resolve, 20));
  };
  return { child, ended, heard };
}

const SMALL = ['--backend', 'reference', '--sampler', 'direct', '--trials', '10'];
const full = () => openSync('/dev/full', 'w');

describe.skipIf(!existsSync('/dev/full'))('streams', () => {
  it('may be full or closed on the side of stderr', async () => {
    const runs = [
      start(['run', 'smoke', ...SMALL, '--out', 'full'], 'ignore', full()),
      start(['run', 'smoke', ...SMALL, '--out', 'gone'], 'ignore', 'pipe'),
    ];
    runs[1]!.child.stderr!.destroy();
    for (const { ended } of runs) expect((await ended).code).toBe(0);
    for (const name of ['full', 'gone'])
      expect(JSON.parse(readFileSync(join(folder, name, 'results.json'), 'utf8')).panels[0].cells[0].trials).toBe(10);
  });

  it('are an error in words where stdout is full, and none where its reader has gone', async () => {
    const broken = await start(['theory', 'smoke', '--json'], full()).ended;
    expect(broken.code).toBe(4);
    expect(broken.stderr).toMatch(/^Cannot write to standard output: ENOSPC/);
    expect(broken.stderr).not.toMatch(/\n\s+at /);
    const left = start(['theory', 'smoke']);
    left.child.stdout!.destroy();
    expect(await left.ended).toEqual({ code: 0, stderr: '' });
  });
});

/** Trials that take minutes in the reference. */
const LONG = [
  ...['run', 'tails-fig14', '--backend', 'reference', '--trials', '100'],
  ...['--set', 'contexts.support=40', '--set', 'downstream.samples=1000000'],
];

describe('signals', () => {
  it('to end are heard in the midst of a trial, and what is finished is saved, however often they come', async () => {
    const { child, ended, heard } = start([...LONG, '--out', 'ended']);
    await heard('reference');
    await new Promise((resolve) => setTimeout(resolve, 1500));
    child.kill('SIGHUP');
    await heard('Stopping');
    child.kill('SIGTERM');
    child.kill('SIGHUP');
    const { code, stderr } = await ended;
    expect(code).toBe(130);
    expect(stderr).toMatch(/Stopped\. What was finished is in ended/);
    expect(existsSync(join(folder, 'ended', 'results.json'))).toBe(true);
  });
});
