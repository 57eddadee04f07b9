import type { Command } from 'commander';
import { unknownName } from '../experiment/problem.ts';
import { experimentKeys } from '../library/keys.ts';
import { regimes } from '../regimes/index.ts';
import { CAPTIONS } from '../report/caption-formats.ts';
import { FIGURE_WIDTHS } from '../report/figure-layout.ts';
import { TABLE_FORMATS } from '../report/table-formats.ts';
import { samplers } from '../samplers/index.ts';
import {
  bashCompletion,
  type CompletedCommand,
  fishCompletion,
  type Values,
  zshCompletion,
} from './completion-scripts.ts';
import { BACKENDS } from './device.ts';
import { CliError, Exit } from './exit.ts';
import { MNIST } from './images-file.ts';
import { experimentNames } from './load.ts';

const SHELLS = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion } as const;

const HOW_TO = {
  bash: '# Now and here:  source <(collapse completion bash)\n# In every shell: the same line in ~/.bashrc',
  zsh: '# Now and here:  source <(collapse completion zsh)\n# In every shell: the same line in ~/.zshrc, after compinit',
  fish: '# Now and here:  collapse completion fish | source\n# In every shell: collapse completion fish > ~/.config/fish/completions/collapse.fish',
} as const;

/** `collapse completion SHELL`: a script by which the shell completes the commands, options and values of `program`. Throws a `CliError` for another. */
export function completionText(program: Command, shell: string): string {
  if (!isShell(shell))
    throw new CliError(Exit.wrongExperiment, `completion: ${unknownName('shell', shell, Object.keys(SHELLS))}`);
  const head = `# Completion of collapse in ${shell}, written by: collapse completion ${shell}\n${HOW_TO[shell]}\n# In a checkout, alias collapse='npx collapse' comes first.`;
  return `${head}\n\n${SHELLS[shell](completedCommands(program))}`;
}

const isShell = (name: string): name is keyof typeof SHELLS => Object.hasOwn(SHELLS, name);

/** The table of commands that help is made of, with what there is to choose from. */
export function completedCommands(program: Command): readonly CompletedCommand[] {
  const known = knownValues(program);
  const valuesOf = (command: Command, name: string): Values => {
    const values = known[`${command.name()} ${name}`] ?? known[name];
    if (!values) throw new Error(`Completion does not know what ${name} of ${command.name()} takes.`);
    return values;
  };
  return program.commands.map((command) => ({
    name: command.name(),
    description: command.description(),
    options: [
      ...command.options.map(({ short, long, description, required, optional }) => ({
        names: [long, short].filter((name) => name !== undefined),
        description,
        values: required || optional ? valuesOf(command, long!) : null,
      })),
      { names: ['--help', '-h'], description: 'display help for command', values: null },
    ],
    arguments: command.registeredArguments.map((argument) => ({
      name: argument.name(),
      variadic: argument.variadic,
      values: valuesOf(command, argument.name()),
    })),
  }));
}

/** By the name of an option or argument, after that of a command where commands differ. */
function knownValues(program: Command): Readonly<Record<string, Values>> {
  const words = (...list: readonly string[]): Values => ({ words: list, paths: 'none' });
  const anything = words();
  const folders: Values = { words: [], paths: 'folders' };
  const files: Values = { words: [], paths: 'files' };
  const experiments = experimentNames();
  // `$schema` is for editors, and a shell would take it for a variable.
  const keys = [...new Set(experimentKeys().map(({ path }) => path))].filter((path) => !path.startsWith('$'));
  const run: Values = { words: experiments, paths: 'files' };
  return {
    experiment: run,
    ...{ folder: folders, A: folders, B: folders, file: files, sbatch: anything },
    'help name': words(...program.commands.map((command) => command.name()), ...keys),
    'cite name': words(...experiments, ...regimes.keys()),
    'data name': words(MNIST.name),
    shell: words(...Object.keys(SHELLS)),
    '--set': words(...keys.map((key) => `${key}=`)),
    ...{ '--trials': anything, '--seed': anything, '--panel': anything, '--shard': anything, '--target-sem': anything },
    ...{ '--shards': anything, '--at-once': anything, '--time': anything, '--gres': anything, '--prefix': anything },
    ...{ '--cell': anything, '--names': anything, '--dpi': anything, '--rounds': anything, '--minutes': anything },
    '--sampler': words('auto', ...samplers.keys()),
    '--backend': words(...BACKENDS),
    '--width': words(...Object.keys(FIGURE_WIDTHS)),
    '--format': words(...TABLE_FORMATS),
    'compare --format': words(...TABLE_FORMATS, 'json'),
    '--caption': words(...Object.keys(CAPTIONS)),
    '--facet': words('none', ...keys),
    '--like': words(...experiments),
    '--plans': words(...experiments),
    '--only': words('roofline', 'kernels', 'trials', 'samplers', 'peers', 'tuning'),
    ...{ '--out': files, '--from': files, '--figure': files },
  };
}
