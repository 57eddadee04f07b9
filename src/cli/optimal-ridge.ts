import type { Journal } from '../engine/journal.ts';
import { costOf, type JudgedRidge, type RidgeReport } from '../engine/ridge-report.ts';
import { searchRidges, theoreticalRidges } from '../engine/ridge-search.ts';
import type { Experiment, JsonObject } from '../experiment/experiment.ts';
import { parseExperiment } from '../experiment/parse.ts';
import { regimes } from '../regimes/index.ts';
import { labelOf } from '../report/labels.ts';
import { samplers } from '../samplers/index.ts';
import { plain, uncertain } from '../statistics/uncertain.ts';
import { backendName, openBackend } from './device.ts';
import { CliError, Exit } from './exit.ts';
import { interruptible } from './interrupt.ts';
import { type Changes, loadExperiment } from './load.ts';
import { ProgressLine } from './progress.ts';
import { simulate } from './simulate.ts';

export interface RidgeFlags extends Changes {
  readonly backend: string;
  readonly theoryOnly?: boolean;
  readonly quiet?: boolean;
  readonly json?: boolean;
}

/** `collapse optimal-ridge`: the best ridge of every setting, by theory, by rule and by simulation, on stdout. */
export async function optimalRidgeCommand(spec: string, flags: RidgeFlags): Promise<Exit> {
  const name = backendName(flags.backend);
  const experiment = await loadExperiment(spec, flags);
  const reports = flags.theoryOnly
    ? theoreticalRidges(experiment, regimes)
    : await simulated(experiment, name, flags.quiet ?? false);
  process.stdout.write(flags.json ? `${ridgesJson(reports)}\n` : ridgesText(reports));
  return Exit.ok;
}

async function simulated(
  experiment: Experiment,
  name: ReturnType<typeof backendName>,
  quiet: boolean,
): Promise<readonly RidgeReport[]> {
  const line = new ProgressLine(quiet);
  const { signal, release } = interruptible(() => line.end());
  let said = quiet;
  const run = async (file: JsonObject, journal: Journal) => {
    const grids = parseExperiment(file, regimes, [...samplers.keys()]);
    const opened = await openBackend(name, grids);
    if (!said) process.stderr.write(`${opened.sentence}\n`);
    said = true;
    const outcome = await simulate(grids, opened, {
      journal,
      signal,
      onProgress: (progress) => line.show(progress),
    });
    line.end();
    if (outcome.outcome === 'broken') throw outcome.error;
    if (outcome.outcome === 'stopped') throw new CliError(Exit.stopped, 'Stopped; a search leaves nothing behind.');
    return outcome;
  };
  try {
    return await searchRidges(experiment, regimes, run);
  } finally {
    line.end();
    release();
  }
}

/** JSON knows no infinity. */
function ridgesJson(reports: readonly RidgeReport[]): string {
  return JSON.stringify(reports, (_, value) => (value === Number.POSITIVE_INFINITY ? 'infinity' : value), 2);
}

const HEADS = ['choice', 'λ', '95 %', 'E theory', 'excess', 'E simulated (SE)', 'excess (SE)', 'costs'];

/** One block of rows for every setting, the setting named in the first of them. */
export function ridgesText(reports: readonly RidgeReport[]): string {
  const paths = [...new Set(reports.flatMap(({ at }) => Object.keys(at)))];
  const header = ['panel', ...paths.map((path) => labelOf(path).symbol), ...HEADS];
  const rows = reports.flatMap(({ panel, at, choices }) =>
    choices.map((choice, i) => {
      const place = [panel, ...paths.map((path) => (at[path] === undefined ? '' : plain(at[path])))];
      return { fields: [...(i === 0 ? place : place.map(() => '')), ...fieldsOf(choice)], remark: choice.remark };
    }),
  );
  const widths = header.map((head, column) =>
    Math.max(head.length, ...rows.map(({ fields }) => fields[column]!.length)),
  );
  const left = new Set([0, paths.length + 1]);
  const line = (fields: readonly string[], remark: string | null) =>
    [...fields.map((text, i) => (left.has(i) ? text.padEnd(widths[i]!) : text.padStart(widths[i]!))), remark ?? '']
      .join('  ')
      .trimEnd();
  return `${[line(header, null), ...rows.map(({ fields, remark }) => line(fields, remark))].join('\n')}\n${footer(reports)}`;
}

function fieldsOf(judged: JudgedRidge): readonly string[] {
  const { choice, ridge, interval, theory, simulated } = judged;
  return [
    choice,
    ridge === Number.POSITIVE_INFINITY ? '∞' : plain(ridge),
    interval ? `${plain(interval.low)} … ${plain(interval.high)}` : '',
    plain(theory?.error ?? null),
    plain(theory?.excess ?? null),
    simulated ? uncertain(simulated.error.mean, simulated.error.sem) : '–',
    simulated ? uncertain(simulated.excess.mean, simulated.excess.sem) : '–',
    percent(costOf(judged)),
  ];
}

const percent = (share: number | null) => (share === null ? '–' : `${Number((100 * share).toPrecision(3))} %`);

function footer(reports: readonly RidgeReport[]): string {
  const trials = reports.flatMap((report) => (report.trials === null ? [] : [report.trials]));
  const failed = reports.reduce((sum, report) => sum + (report.failed ?? 0), 0);
  const drawn =
    trials.length > 0
      ? `Excess of the simulation: over its own best ridge on the same ${Math.min(...trials)} trials` +
        `${failed > 0 ? `, ${failed} of all settings left out because they failed` : ''}.\n`
      : '';
  return (
    'theory: least error by the theorems. simulation: least mean over common draws. rule: T^-l* of arXiv:2402.07712v2,\n' +
    `Cor 5.3, a law of order. clean: what the theorems would choose if no generator had touched the labels.\n${drawn}`
  );
}
