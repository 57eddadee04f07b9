import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

/*
 * Plan: collapse optimal-ridge as a user meets it, the built program on the f64 reference
 * - a row for each choice of each setting, on stdout; progress on stderr, nothing with --quiet
 * - --json holds the same, infinite ridges as a word; --theory-only draws nothing
 * - --set, --panel, --trials and --seed change the experiment; the same seed gives the same numbers
 * - exit codes: 2 for what it does not know, 130 for Ctrl-C
 */

const command = join(import.meta.dirname, '../../dist/cli/collapse.js');

interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function optimalRidge(args: readonly string[], killAt?: RegExp): Promise<Run> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [command, 'optimal-ridge', ...args], {
      env: { ...process.env, COLLAPSE_ADAPTER: 'none' },
    });
    const text = { stdout: '', stderr: '' };
    child.stdout.on('data', (data) => {
      text.stdout += data;
    });
    child.stderr.on('data', (data) => {
      text.stderr += data;
      if (!child.killed && killAt?.test(text.stderr)) child.kill('SIGINT');
    });
    child.on('close', (code) => resolve({ code, ...text }));
  });
}

const SMALL = ['--set', 'dimension=6', '--set', 'generator.samples=20', '--set', 'downstream.samples=40'];
const run = (...args: string[]) =>
  optimalRidge(['power-law', ...SMALL, '--backend', 'reference', '--trials', '50', ...args]);

describe('collapse optimal-ridge', () => {
  it('prints every choice of every setting', async () => {
    const { code, stdout, stderr } = await run('--set', 'generations=0,2');
    expect(code).toBe(0);
    expect(stdout).toMatch(/panel +n +choice +λ +95 % +E theory +excess +E simulated \(SE\) +excess \(SE\) +costs/);
    for (const name of ['theory', 'simulation', 'rule', 'clean'])
      expect(stdout.match(new RegExp(`^(main +\\d)? +${name} +[\\d.]`, 'gm')), name).toHaveLength(2);
    expect(stdout).toMatch(/on the same 50 trials/);
    expect(stderr).toMatch(/trials\/s/);
  });

  it('prints JSON, and repeats itself for the same seed only', async () => {
    const args = ['--set', 'generations=2', '--json', '--quiet'];
    const seeds = ['1', '1', '2'];
    const [first, again, other] = await Promise.all(seeds.map((seed) => run(...args, '--seed', seed)));
    expect(first!.stderr).toBe('');
    const [report] = JSON.parse(first!.stdout);
    expect(report).toMatchObject({ panel: 'main', at: { generations: 2 }, trials: 50, failed: 0 });
    expect(report.choices.map(({ choice }: { choice: string }) => choice)).toEqual([
      'theory',
      'simulation',
      'rule',
      'clean',
    ]);
    expect(again!.stdout).toBe(first!.stdout);
    expect(other!.stdout).not.toBe(first!.stdout);
  });

  it('draws nothing if theory is all that is wanted', async () => {
    const { code, stdout, stderr } = await run('--theory-only', '--json', '--set', 'truth={kind:"sphere",norm:0}');
    expect(code).toBe(0);
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)[0].choices[0]).toMatchObject({ choice: 'theory', ridge: 'infinity', simulated: null });
  });

  it('refuses what it does not know', async () => {
    const wrong = [optimalRidge(['power-lore']), run('--panel', 'other'), run('--backend', 'abacus')];
    expect((await Promise.all(wrong)).map(({ code }) => code)).toEqual([2, 2, 2]);
  });

  it('stops on Ctrl-C', async () => {
    const { code, stdout } = await optimalRidge(
      ['power-law', ...SMALL, '--backend', 'reference', '--trials', '1000000'],
      /trials\/s/,
    );
    expect(code).toBe(130);
    expect(stdout).toBe('');
  });
});
