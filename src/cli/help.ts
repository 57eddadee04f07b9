import { nearest } from '../experiment/nearest.ts';
import { shorten } from '../experiment/problem.ts';
import { experimentKeys, keysNamed } from '../library/keys.ts';
import { regimes } from '../regimes/index.ts';
import { CliError, Exit } from './exit.ts';

/** `collapse help KEY`: what the key, or the keys that end in it or have this symbol, may be. Throws a `CliError` where there is none. */
export function keyHelp(name: string, commands: readonly string[]): string {
  const found = keysNamed(name);
  if (found.length === 0) {
    const known = [...commands, ...new Set(experimentKeys().map(({ path }) => path))];
    const near = nearest(name, known);
    const hint = near === null ? '.' : `, did you mean "${near}"?`;
    throw new CliError(
      Exit.wrongExperiment,
      `unknown command or key ${shorten(JSON.stringify(name))}${hint} See collapse --help and docs/experiment-file.md.`,
    );
  }
  return found
    .map(({ path, symbol, description, values, swept, preset, regimes: names }) => {
      const head = symbol === '' ? path : `${path}  (${symbol})`;
      const lines = [
        description,
        `${values}${swept ? '; a list, { linspace: [..] } or { logspace: [..] } of them is a sweep' : ''}`,
        preset === null ? '' : `default ${preset}`,
        names.length === 0 || names.length === regimes.size ? 'of every experiment' : `of ${names.join(', ')}`,
      ];
      return [head, ...lines.filter((line) => line !== '').map((line) => `  ${line}`)].join('\n');
    })
    .join('\n\n');
}
