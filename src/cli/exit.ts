/** Exit codes of the command, part of its contract. */
export const Exit = {
  ok: 0,
  checkFailed: 1,
  wrongExperiment: 2,
  noDevice: 3,
  /** Files or a package: like a device, the machine lacks them; the experiment is right. */
  noFiles: 3,
  broken: 4,
  /** Of a run in shards: not all of them are drawn. */
  incomplete: 5,
  stopped: 130,
} as const;
export type Exit = (typeof Exit)[keyof typeof Exit];

/** A failure with its exit code; the message is all the user sees. */
export class CliError extends Error {
  override readonly name = 'CliError';
  readonly exit: Exit;
  constructor(exit: Exit, message: string) {
    super(message);
    this.exit = exit;
  }
}
