import { nearest } from './nearest.ts';
import { printable } from './printable.ts';

/** One thing that is wrong with an experiment. */
export interface Problem {
  /** Where in the file, dotted: `downstream.samples`, `panels.ridge.trials`; empty for the file as a whole. */
  readonly path: string;
  /** What was found and what is allowed. */
  readonly message: string;
}

/** Problems that are told; nobody mends more at a time. */
const mostTold = 50;

/** The experiment is wrong. Holds every problem found, not only the first. */
export class ExperimentError extends Error {
  override readonly name = 'ExperimentError';
  readonly problems: readonly Problem[];
  constructor(problems: readonly Problem[]) {
    const distinct = withoutRepeats(problems);
    const more = distinct.length > mostTold ? [`and ${distinct.length - mostTold} more`] : [];
    super([...distinct.slice(0, mostTold).map(describe), ...more].join('\n'));
    this.problems = distinct;
  }
}

/** One line, in which whatever the file has of control characters is spelled out. */
export function describe({ path, message }: Problem): string {
  return printable(path === '' ? message : `${shorten(path, longestPath)}: ${message}`);
}

const [longestPath, longestShown] = [200, 60];

/** A text from the file as the reader of an error message should see it, cut to a readable length. */
export function shorten(text: string, most = longestShown): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}

/** A mistake in the base shows in every panel and one of a panel in every cell: it is said once. */
function withoutRepeats(problems: readonly Problem[]): Problem[] {
  return [...new Map(problems.map((problem) => [describe(problem), problem])).values()];
}

/**
 * Message for a name that is not among the known ones; `what` says what it should have named, `meant` what it stands for elsewhere, if
 * anything.
 */
export function unknownName(
  what: string,
  name: string,
  known: readonly string[],
  meant: readonly string[] = [],
): string {
  const near = meant.length > 0 ? meant : [nearest(name, known) ?? []].flat();
  const hint = near.length === 0 ? '' : `did you mean ${near.map((one) => `"${one}"`).join(' or ')}? `;
  return `unknown ${what} ${shorten(JSON.stringify(name))}, ${hint}allowed: ${known.join(', ')}`;
}
