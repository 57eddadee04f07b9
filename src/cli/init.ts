import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { unknownName } from '../experiment/problem.ts';
import { CliError, Exit } from './exit.ts';
import { experimentNames } from './load.ts';
import { experimentsFolder } from './package.ts';

/** `collapse init FILE`: an experiment to begin with, or a copy of one that comes with the package. Throws a `CliError` where the file is there. */
export function initCommand(path: string, like: string | undefined): string {
  const text = like === undefined ? template(nameOf(path)) : copyOf(like, nameOf(path));
  try {
    writeFileSync(path, text, { flag: 'wx' });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const why = code === 'EEXIST' ? `${path} is there already; name another file` : `Cannot write ${path}: ${message}`;
    throw new CliError(Exit.wrongExperiment, `${why}.`);
  }
  return `${path} is written. Next:\n  collapse theory ${path}     what the theorems say\n  collapse run ${path}        draw it; the results go to results/${nameOf(path)}`;
}

/** Letters, digits, - and _ of the file's name. */
function nameOf(path: string): string {
  const name = basename(path)
    .replace(/\.json5?$/, '')
    .replaceAll(/[^\w-]+/g, '-');
  return /^[a-z0-9]/i.test(name) ? name : `my-${name.replace(/^[-_]+/, '')}`;
}

function copyOf(like: string, name: string): string {
  const names = experimentNames();
  if (!names.includes(like))
    throw new CliError(Exit.wrongExperiment, `--like: ${unknownName('experiment', like, names)}`);
  const text = readFileSync(join(experimentsFolder, `${like}.json5`), 'utf8');
  return text.replace(/^(\s*)name: '.*',$/m, `$1name: '${name}',`);
}

/** Replacing data by generated ones, with a sweep: the question that most begin with. */
const template = (
  name: string,
) => `// What does the test error become when labels come from a model that was fitted to labels of a model?
// docs/experiment-file.md has every key; collapse help downstream.ridge tells of one.
{
  name: '${name}',
  title: 'My first experiment',
  // How every generation learns: collapse list names the others.
  regime: 'replace',
  // d, and the eigenvalues of the covariance: { kind: 'power-law', exponent: 1.5 } for j^-1.5.
  dimension: 100,
  covariance: { kind: 'isotropic' },
  // The models that make labels: T0 rows, noise of standard deviation sigma0.
  generator: { samples: 200, noise: 0.2 },
  // The model that is tested: T rows, noise, ridge lambda. A list is a sweep, so is { logspace: [-3, 1, 9] }, from 1e-3 to 10.
  downstream: { samples: 300, noise: 0.2, ridge: { logspace: [-3, 1, 9] } },
  // Generators between the truth and the labels; 0 is clean data.
  generations: [0, 1, 3, 10],
  trials: 1000,
  figure: { x: 'downstream.ridge', series: 'generations' },
}
`;
