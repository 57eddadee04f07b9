import { createHash } from 'node:crypto';
import { closeSync, existsSync, openSync, readFileSync, readSync, rmSync } from 'node:fs';
import type { Checkpoints, Maker } from '../engine/journal.ts';
import { type Checkpoint, type CheckpointKeeper, MOST_CHECKPOINT_BYTES } from '../program/checkpoint.ts';
import { writeAtomically } from '../report/files-node.ts';

/** Name of the file. */
export const CHECKPOINT = 'under-way.checkpoint';

/** First line of the file: JSON. The state follows. */
interface Header extends Omit<Checkpoint, 'state'> {
  readonly format: 'collapse-checkpoint';
  readonly version: 1;
  readonly job: string;
  readonly by: Maker | null;
  readonly bytes: number;
  readonly sha256: string;
}

export interface CheckpointOptions {
  /** Whether what an earlier run left counts. */
  readonly resume: boolean;
  readonly warn: (text: string) => void;
}

/** The batch under way of a run, in one file that is written anew from time to time, and removed once the batch is in the journal. */
export class CheckpointFile implements Checkpoints {
  readonly path: string;
  readonly #options: CheckpointOptions;
  #by: Maker | null = null;
  /** Jobs of this run, once they are known; whether the file may be taken up. */
  #usable: boolean;
  #saidTooLarge = false;

  constructor(path: string, options: CheckpointOptions) {
    this.path = path;
    this.#options = options;
    this.#usable = options.resume;
  }

  /** From here on checkpoints are this device's. */
  signAs(by: Maker): void {
    this.#by = by;
  }

  begin(jobs: readonly string[]): void {
    const found = this.#usable ? this.#read() : null;
    if (!found) return;
    const { job, by, steps } = found.header;
    const ignored = (why: string) => {
      this.#usable = false;
      this.#options.warn(`${this.path} is not taken up: ${why}. The training that it is of begins anew.`);
    };
    if (!jobs.includes(job)) ignored('it is of another experiment');
    else if (JSON.stringify(by) !== JSON.stringify(this.#by))
      ignored(`it was computed by ${makerName(by)}, and this is ${makerName(this.#by)}`);
    else this.#options.warn(`Going on with the training under way, after ${steps} of its steps.`);
  }

  keeperOf(job: string): CheckpointKeeper {
    const found = this.#usable ? this.#read() : null;
    return {
      last: found?.header.job === job ? { ...found.header, state: found.state } : null,
      every: 1000 * secondsBetween(process.env.COLLAPSE_CHECKPOINT_SECONDS),
      save: (checkpoint) => this.#write(job, checkpoint),
      tooLarge: (bytes) => {
        if (!this.#saidTooLarge) this.#options.warn(tooLargeText(bytes));
        this.#saidTooLarge = true;
      },
    };
  }

  drop(job: string, first: number): void {
    const header = headerIn(this.path);
    if (header?.job === job && header.first <= first) rmSync(this.path, { force: true });
  }

  async #write(job: string, { state, ...rest }: Checkpoint): Promise<void> {
    const header: Header = {
      ...{ format: 'collapse-checkpoint', version: 1, job, by: this.#by },
      ...{ ...rest, bytes: state.length, sha256: sumOf(state) },
    };
    await writeAtomically(this.path, [new TextEncoder().encode(`${JSON.stringify(header)}\n`), state]);
    this.#usable = true;
  }

  /** Null where there is none, or none that is whole. */
  #read(): { readonly header: Header; readonly state: Uint8Array<ArrayBuffer> } | null {
    if (!existsSync(this.path)) return null;
    try {
      const file = readFileSync(this.path);
      const end = file.indexOf('\n');
      const header = JSON.parse(file.subarray(0, end).toString()) as Header;
      const state = new Uint8Array(file.subarray(end + 1));
      if (header.format !== 'collapse-checkpoint' || header.version !== 1) throw new Error('another format');
      if (state.length !== header.bytes || sumOf(state) !== header.sha256) throw new Error('torn');
      return { header, state };
    } catch {
      if (this.#usable)
        this.#options.warn(`${this.path} cannot be trusted: it is damaged. The training that it is of begins anew.`);
      this.#usable = false;
      return null;
    }
  }
}

/** Of a header: more than any is long. */
const MOST_HEADER = 2 ** 16;

/** What a checkpoint is of, without its state; null where there is none to be read. */
function headerIn(path: string): Header | null {
  if (!existsSync(path)) return null;
  const file = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(MOST_HEADER);
    const text = bytes.toString('utf8', 0, readSync(file, bytes));
    return JSON.parse(text.slice(0, text.indexOf('\n'))) as Header;
  } catch {
    return null;
  } finally {
    closeSync(file);
  }
}

/** Seconds from one checkpoint to the next, where the environment does not say. */
const SECONDS = 30;

function secondsBetween(asked: string | undefined): number {
  const seconds = Number(asked || SECONDS);
  return seconds >= 0 ? seconds : SECONDS;
}

const sumOf = (state: Uint8Array): string => createHash('sha256').update(state).digest('hex');

const makerName = (by: Maker | null): string =>
  by === null ? 'another device' : [by.adapter, ...(by.tuning ? [`row ${by.tuning}`] : [])].join(', ');

const MIB = 2 ** 20;

function tooLargeText(bytes: number): string {
  return (
    `A checkpoint of the training under way would take ${Math.ceil(bytes / MIB)} MiB, and at most ${MOST_CHECKPOINT_BYTES / MIB} are written: ` +
    'what is under way when this process ends begins anew.'
  );
}
