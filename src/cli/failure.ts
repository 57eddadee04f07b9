import { MissingPackage } from '../experiment/missing-package.ts';
import { ExperimentError } from '../experiment/problem.ts';
import { BrowserLost, DeviceLost, GpuValidationError } from '../gpu/gpu.ts';
import { PlanError } from '../plan/plan.ts';
import { DeviceTooSmall } from '../program/cost.ts';
import { OutputError } from '../report/output-error.ts';
import { ResultsError } from '../report/results-json.ts';
import { ImagesAbsent } from '../samplers/images/images.ts';
import { CliError, Exit } from './exit.ts';

/** What the user reads and the code the command ends with. A stack is shown for our own mistakes only. */
export function failureOf(error: unknown): { readonly exit: Exit; readonly message: string } {
  if (error instanceof CliError) return { exit: error.exit, message: error.message };
  if (error instanceof ExperimentError) {
    const count = error.problems.length;
    const head = count === 1 ? 'The experiment is wrong:' : `The experiment is wrong in ${count} places:`;
    return { exit: Exit.wrongExperiment, message: `${head}\n${indent(error.message)}` };
  }
  if (error instanceof PlanError || error instanceof ResultsError)
    return { exit: Exit.wrongExperiment, message: error.message };
  if (error instanceof ImagesAbsent || error instanceof MissingPackage)
    return { exit: Exit.noFiles, message: error.message };
  if (error instanceof DeviceTooSmall) {
    return { exit: Exit.noDevice, message: `${error.message}\nWhat would fit:\n${indent(error.changes.join('\n'))}` };
  }
  if (
    error instanceof OutputError ||
    error instanceof DeviceLost ||
    error instanceof BrowserLost ||
    error instanceof GpuValidationError
  )
    return { exit: Exit.broken, message: error.message };
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { exit: Exit.broken, message: `This is a mistake of collapse-lab, please report it:\n${stack}` };
}

const indent = (text: string) =>
  text
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n');
