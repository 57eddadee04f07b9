import { nearest } from './nearest.ts';

/** One thing that is wrong with an experiment. */
export interface Problem {
  /** Where in the file, dotted: `downstream.samples`, `panels.ridge.trials`; empty for the file as a whole. */
  readonly path: string;
  /** What was found and what is allowed. */
  readonly message: string;
}

/** The experiment is wrong. Holds every problem found, not only the first. */
export class ExperimentError extends Error {
  override readonly name = 'ExperimentError';
  readonly problems: readonly Problem[];
  constructor(problems: readonly Problem[]) {
    const distinct = withoutRepeats(problems);
    super(distinct.map(describe).join('\n'));
    this.problems = distinct;
  }
}

export function describe({ path, message }: Problem): string {
  return path === '' ? message : `${path}: ${message}`;
}

/** A mistake in the base shows in every panel and one of a panel in every cell: it is said once. */
function withoutRepeats(problems: readonly Problem[]): Problem[] {
  return [...new Map(problems.map((problem) => [describe(problem), problem])).values()];
}

/** Message for a name that is not among the known ones; `what` says what it should have named. */
export function unknownName(what: string, name: string, known: readonly string[]): string {
  const near = nearest(name, known);
  const hint = near === null ? '' : `did you mean "${near}"? `;
  return `unknown ${what} ${JSON.stringify(name)}, ${hint}allowed: ${known.join(', ')}`;
}
