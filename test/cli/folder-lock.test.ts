import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CliError, Exit } from '../../src/cli/exit.ts';
import { holdFolder } from '../../src/cli/folder-lock.ts';

/*
 * Plan: one process at a time writes into a folder.
 * - the second is refused, told who holds it and since when; after the first has left it may, and nothing is left behind
 * - a lock of a process that has ended is taken over, also if its number has another process now, or the lock is half written and old
 * - a lock of another host, of another container or of another machine of the same name is refused, with the way to remove it
 * - who leaves removes only a lock of its own
 */

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'collapse-lock-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const path = () => join(folder, 'run.lock');

/** The lock that this process would write. */
function ours(): { readonly birth: Record<string, string> } & Record<string, unknown> {
  const leave = holdFolder(folder);
  const lock = JSON.parse(readFileSync(path(), 'utf8'));
  leave();
  return lock;
}

const leaveBehind = (lock: object | string) =>
  writeFileSync(path(), typeof lock === 'string' ? lock : JSON.stringify(lock));

function refusal(): string {
  try {
    holdFolder(folder)();
  } catch (error) {
    expect(error).toBeInstanceOf(CliError);
    expect((error as CliError).exit).toBe(Exit.broken);
    return (error as CliError).message;
  }
  return 'not refused';
}

function expectTakenOver(): void {
  const leave = holdFolder(folder);
  expect(JSON.parse(readFileSync(path(), 'utf8')).pid).toBe(process.pid);
  leave();
  expect(readdirSync(folder)).toEqual([]);
}

describe('a folder that is held', () => {
  it('is refused to others until it is left', () => {
    const leave = holdFolder(folder);
    const { since } = JSON.parse(readFileSync(path(), 'utf8'));
    expect(refusal()).toContain(`process ${process.pid} on ${hostname()}, since ${since}`);
    leave();
    expectTakenOver();
  });

  it('is held by whoever made the lock that is there', () => {
    const leave = holdFolder(folder);
    leaveBehind('another');
    leave();
    expect(readFileSync(path(), 'utf8')).toBe('another');
  });
});

describe('a lock that was left behind', () => {
  it('is taken over where its process has ended', () => {
    const { pid } = spawnSync(process.execPath, ['--version']);
    leaveBehind({ ...ours(), pid });
    expectTakenOver();
    leaveBehind({ ...ours(), pid, birth: null });
    expectTakenOver();
  });

  it('is taken over where the number of its process is of another one now', () => {
    const lock = ours();
    if (!lock.birth) return expect(process.platform).not.toBe('linux');
    leaveBehind({ ...lock, birth: { ...lock.birth, start: '1' } });
    expectTakenOver();
  });

  it.each(['', '{"host":"x', '{}', '7'])('is taken over where it says nothing and is old: %j', (text) => {
    leaveBehind(text);
    expect(refusal()).toContain('begins in');
    utimesSync(path(), 0, 0);
    expectTakenOver();
  });

  it('is refused where its process cannot be seen', () => {
    const lock = ours();
    leaveBehind({ ...lock, host: 'elsewhere' });
    expect(refusal()).toMatch(/process \d+ on elsewhere, since .*, which cannot be seen.*remove .*run\.lock/s);
    if (!lock.birth) return;
    leaveBehind({ ...lock, birth: { ...lock.birth, namespace: 'pid:[1]' } });
    expect(refusal()).toContain('cannot be seen');
    leaveBehind({ ...lock, birth: { ...lock.birth, boot: 'another', machine: null } });
    expect(refusal()).toContain('cannot be seen');
    leaveBehind({ ...lock, birth: { ...lock.birth, boot: 'another', machine: 'm' } });
    expect(refusal()).toContain('cannot be seen');
  });
});
