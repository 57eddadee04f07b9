import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseExperiment } from '../experiment/parse.ts';
import type { Results } from '../experiment/results.ts';
import { regimes } from '../regimes/index.ts';
import { parseResults } from '../report/results-json.ts';
import { CliError, Exit } from './exit.ts';
import { checkAgainstTheory, tableText } from './output.ts';

/** `collapse check DIR`: holds the results against theory worked out afresh, and against the values the file quotes from print. */
export function checkCommand(folder: string, json: boolean): Exit {
  const results = readResults(folder);
  const experiment = parseExperiment(results.experiment, regimes);
  const report = checkAgainstTheory(experiment, results);
  process.stdout.write(json ? `${JSON.stringify(report, null, 2)}\n` : tableText(experiment, results));
  return report.ok ? Exit.ok : Exit.checkFailed;
}

/** What a run left in its folder. */
export function readResults(folder: string): Results {
  const path = join(folder, 'results.json');
  return parseResults(readText(path), path);
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new CliError(Exit.wrongExperiment, `Cannot read ${path} (${code}); name the folder that collapse run wrote.`);
  }
}
