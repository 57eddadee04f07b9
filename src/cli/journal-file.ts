import { readdirSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename, join } from 'node:path';
import type { Outcome } from '../engine/events.ts';
import type { Journal, JournalEntry, Maker } from '../engine/journal.ts';
import { CHECKPOINT, CheckpointFile } from './checkpoint-file.ts';
import { damageText, readStored, type Stored } from './stored.ts';
import { TrialsIndex } from './trials-index.ts';
import { TrialsWriter } from './trials-writer.ts';

export interface JournalOptions {
  /** Whether what earlier runs left counts. */
  readonly resume: boolean;
  /** Hash of the experiment's canonical form. */
  readonly experiment: string;
  /** Told what of earlier journals cannot be read. */
  readonly warn?: (text: string) => void;
}

/**
 * Keeps finished batches in the folder, so that `--resume` can go on after whatever ended a run. Each run writes a file of its own,
 * `journal.trials`, `journal-2.trials` and so on, made with its first batch: none is ever changed or removed by a later run.
 */
export class JournalFile implements Journal {
  readonly #folder: string;
  readonly #options: JournalOptions;
  /** Files of earlier runs, the newest first. */
  readonly #earlier: readonly string[];
  readonly checkpoints: CheckpointFile;
  #by: Maker | undefined;
  #own: TrialsWriter | null = null;

  constructor(folder: string, options: JournalOptions) {
    this.#folder = folder;
    this.#options = options;
    this.#earlier = options.resume ? journalsIn(folder) : [];
    const { resume, warn = () => {} } = options;
    this.checkpoints = new CheckpointFile(join(folder, CHECKPOINT), { resume, warn });
  }

  /**
   * What earlier runs left, newest file first; reading it says what is damaged, and throws a `CliError` where trials that are there
   * twice differ.
   */
  get past(): Iterable<Stored> {
    return compared(this.#read(this.#earlier, this.#options.warn));
  }

  /** All that counts: what earlier runs left and what this one has written. */
  index(): TrialsIndex {
    const index = new TrialsIndex();
    for (const stored of this.#read([...this.#earlier, ...(this.#own ? [basename(this.#own.path)] : [])]))
      index.add(stored);
    return index;
  }

  /** Who computed the newest batch of earlier runs. */
  lastMaker(): Maker | undefined {
    for (const { by } of this.#read(this.#earlier)) return by;
    return undefined;
  }

  /** From here on batches are this device's. */
  signAs(by: Maker): void {
    this.#by = by;
    this.checkpoints.signAs(by);
  }

  append(entry: JournalEntry): void {
    this.#own ??= this.#begin();
    this.#own.append(entry);
  }

  /** The last word of this run, if it wrote any. */
  end(outcome: Outcome): void {
    this.#own?.end(outcome);
  }

  /** Sends what was written to the disk itself. */
  async close(): Promise<void> {
    await this.#own?.close();
  }

  #begin(): TrialsWriter {
    const numbers = readdirSync(this.#folder).flatMap((name) => numberOf(name) ?? []);
    const { experiment } = this.#options;
    const header = { experiment, by: this.#by, host: hostname(), pid: process.pid, start: new Date().toISOString() };
    const number = Math.max(0, ...numbers) + 1;
    const path = join(this.#folder, number === 1 ? 'journal.trials' : `journal-${number}.trials`);
    return new TrialsWriter(path, header, 'free some space and run again with --resume');
  }

  *#read(names: readonly string[], warn: (text: string) => void = () => {}): Generator<Stored, void> {
    for (const name of names) {
      const damage: string[] = [];
      yield* readStored(join(this.#folder, name), damage);
      if (damage.length > 0)
        warn(
          `${name} in ${this.#folder} cannot be trusted in full: ${damageText(damage)}. Trials lost with it are drawn again.`,
        );
    }
  }
}

function* compared(all: Iterable<Stored>): Generator<Stored, void> {
  const index = new TrialsIndex();
  try {
    for (const stored of all) {
      index.add(stored);
      yield stored;
    }
  } finally {
    index.close();
  }
}

/** Names of the journals in a folder, the newest first. */
export function journalsIn(folder: string): readonly string[] {
  const names = readdirSync(folder).filter((name) => numberOf(name) !== null);
  return names.sort((a, b) => numberOf(b)! - numberOf(a)!);
}

/** 0 for the journal of old versions, null for other files. */
function numberOf(name: string): number | null {
  if (name === 'journal.ndjson') return 0;
  const found = /^journal(?:-(\d+))?\.trials$/.exec(name);
  return found && Number(found[1] ?? 1);
}
