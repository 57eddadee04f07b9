import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Experiment } from '../experiment/experiment.ts';
import type { Results } from '../experiment/results.ts';
import { checkAgainstTheory, experimentOf, tableText } from '../library/report.ts';
import { parseResults } from '../report/results-json.ts';
import { CliError, Exit } from './exit.ts';

/** `collapse check DIR`: holds the results against theory worked out afresh, and against the values the file quotes from print. */
export function checkCommand(folder: string, json: boolean): Exit {
  const { experiment, results } = readRun(folder);
  const report = checkAgainstTheory(experiment, results);
  process.stdout.write(json ? `${JSON.stringify(report, null, 2)}\n` : tableText(experiment, results));
  return report.ok ? Exit.ok : Exit.checkFailed;
}

/** What a run left in its folder, whole or not; refused where the results are not those of the experiment beside them. */
export function readRun(folder: string): { readonly experiment: Experiment; readonly results: Results } {
  const path = join(folder, 'results.json');
  const results = parseResults(readText(path), path);
  return { experiment: experimentOf(results, path), results };
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new CliError(Exit.wrongExperiment, `Cannot read ${path} (${code}); name the folder that collapse run wrote.`);
  }
}
