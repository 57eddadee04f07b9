import { printable } from '../experiment/printable.ts';
import { OutputError } from '../report/output-error.ts';

/** A reader who has had enough of the table is not a mistake: `collapse theory … | head`. */
const READER_LEFT: readonly (string | undefined)[] = ['EPIPE', 'ERR_STREAM_DESTROYED', 'EIO'];

let lost: OutputError | null = null;

/**
 * Makes a run independent of who listens to it: nobody needs to read stderr, and what happens to stdout is told at the end
 * (`lostOutput`), after the results are written. Without it Node ends the process at the first write that fails.
 */
export function guardStreams(): void {
  process.stderr.on('error', () => {});
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (!READER_LEFT.includes(error.code))
      lost ??= new OutputError(`Cannot write to standard output: ${error.message}.`, { cause: error });
  });
}

/** Why the output is not where it was to go; null if it is, or if its reader left. */
export const lostOutput = (): OutputError | null => lost;

/** To stdout, without what could steer a terminal. */
export function print(text: string): void {
  process.stdout.write(`${printable(text, '\n\t')}\n`);
}

/** To stderr, without what could steer a terminal. */
export function complain(text: string): void {
  process.stderr.write(`${printable(text, '\n\t')}\n`);
}

/** Resolves once both streams have taken all that was written to them, or never will. */
export async function flushed(): Promise<void> {
  for (const stream of [process.stdout, process.stderr])
    await new Promise<void>((resolve) => {
      stream.write('', () => resolve());
    });
}
