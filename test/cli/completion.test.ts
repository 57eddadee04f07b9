import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

/*
 * Plan: the scripts that the built command prints, run by the shells themselves.
 * - bash: commands; every option that `--help` of every command names; values of options, after a space and after =; experiments, folders and files
 *   for arguments by their place, options and their values before them passed over; keys of experiment files; nothing for a number
 * - zsh and fish, where they are installed: the script is read without complaint; fish offers what bash does
 * - an unknown shell: exit 2
 */

const command = join(import.meta.dirname, '../../dist/cli/collapse.js');
const collapse = (...args: string[]) => spawnSync(process.execPath, [command, ...args], { encoding: 'utf8' });
const has = (shell: string) => spawnSync(shell, ['--version']).status === 0;

const home = mkdtempSync(join(tmpdir(), 'collapse-completion-'));
mkdirSync(join(home, 'results with space'));
writeFileSync(join(home, 'mine.json5'), '');
const scripts = Object.fromEntries(
  ['bash', 'zsh', 'fish'].map((shell) => {
    const path = join(home, `.${shell}`);
    writeFileSync(path, collapse('completion', shell).stdout);
    return [shell, path];
  }),
);
afterAll(() => rmSync(home, { recursive: true }));

/** What bash offers for the last of these words; as it cuts lines into words, = is one. */
function offered(...words: string[]): readonly string[] {
  // `compopt` complains outside of a completion.
  const driver = `source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$((\${#COMP_WORDS[@]} - 1)); _collapse 2> /dev/null; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const args = ['--norc', '-c', driver, 'bash', scripts.bash!, 'collapse', ...words];
  const { stdout } = spawnSync('bash', args, { cwd: home, encoding: 'utf8' });
  return stdout.split('\n').filter((line) => line !== '');
}

const namesIn = (help: string) => [...help.matchAll(/^ {2}(?:-\w, )?(--[\w-]+)/gm)].map(([, name]) => name!);
const commands = [
  ...collapse('--help')
    .stdout.split('Examples:')[0]!
    .matchAll(/^ {2}([a-z][\w-]*)[ \n]/gm),
].map(([, name]) => name!);

describe.runIf(has('bash'))('bash', () => {
  it('offers the commands', () => {
    expect(commands.length).toBeGreaterThan(20);
    expect(offered('')).toEqual(expect.arrayContaining(commands));
    expect(offered('cert')).toEqual(['certify']);
    expect(offered('--v')).toEqual(['--version']);
    const { stdout } = spawnSync('bash', ['--norc', '-c', `source ${scripts.bash}; complete -p collapse`]);
    expect(String(stdout)).toContain('-F _collapse collapse');
  });

  it('offers every option of every command', () => {
    for (const name of commands) {
      const named = namesIn(collapse(name, '--help').stdout);
      expect(named, name).toContain('--help');
      expect(offered(name, '--'), name).toEqual(expect.arrayContaining(named));
    }
  });

  it.each([
    [
      ['run', '--backend', ''],
      ['node', 'chrome', 'firefox', 'reference'],
    ],
    [['run', '--backend', '=', 'c'], ['chrome']],
    [
      ['run', '--backend', '='],
      ['node', 'chrome', 'firefox', 'reference'],
    ],
    [['run', 'smoke', '--sampler', 'bi'], ['bidiagonal']],
    [
      ['compare', '--format', ''],
      ['text', 'csv', 'markdown', 'latex', 'json'],
    ],
    [
      ['table', '--format', ''],
      ['text', 'csv', 'markdown', 'latex'],
    ],
    [['run', 'smok'], ['smoke']],
    [['run', '--trials', '50', '--set', 'generator.noise', '=', '1', '--resume', 'smok'], ['smoke']],
    [['run', '--backend', '=', 'chrome', 'smok'], ['smoke']],
    [
      ['run', 'mi'],
      ['min-norm', 'mine.json5'],
    ],
    [['run', 'smoke', 'min'], []],
    [['run', '--set', 'downstream.noi'], ['downstream.noise=']],
    [['run', '--set', 'downstream.noise', '=', ''], []],
    [['run', '--trials', ''], []],
    [['check', ''], ['results with space']],
    [['draw', 'a', 'b', 'res'], ['results with space']],
    [['init', 'mi'], ['mine.json5']],
    [['init', 'new.json5', '--like', 'smo'], ['smoke']],
    [['help', 'downstream.noi'], ['downstream.noise']],
    [['help', 'expo'], ['export']],
    [['cite', 'weak'], ['weak-to-strong']],
    [['data', ''], ['mnist']],
    [
      ['completion', ''],
      ['bash', 'zsh', 'fish'],
    ],
    [['nosuch', ''], []],
  ])('%j', (words, expected) => {
    expect(offered(...words)).toEqual(expected);
  });
});

it.runIf(has('zsh'))('zsh reads its script', () => {
  expect(spawnSync('zsh', ['-fn', scripts.zsh!], { encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' });
});

describe.runIf(has('fish'))('fish', () => {
  const complete = (line: string) => {
    const { stdout } = spawnSync('fish', [
      '--no-config',
      '-c',
      `source ${scripts.fish}; complete -C ${JSON.stringify(line)}`,
    ]);
    return String(stdout)
      .split('\n')
      .map((text) => text.split('\t')[0]);
  };

  it.each([
    ['collapse cert', 'certify'],
    ['collapse run --back', '--backend'],
    ['collapse run --backend ch', 'chrome'],
    ['collapse run smo', 'smoke'],
    ['collapse run --set downstream.noi', 'downstream.noise='],
  ])('%s', (line, expected) => {
    expect(complete(line)).toContain(expected);
  });
});

it('knows three shells', () => {
  expect(collapse('completion', 'bsh')).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('did you mean "bash"?'),
  });
});
