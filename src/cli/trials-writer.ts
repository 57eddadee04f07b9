import { closeSync, fdatasync, fdatasyncSync, ftruncateSync, futimesSync, openSync, writeSync } from 'node:fs';
import type { Outcome } from '../engine/events.ts';
import type { JournalEntry } from '../engine/journal.ts';
import { CliError, Exit } from './exit.ts';
import { batchRecords, endRecord, type Header, headerLine } from './trials-format.ts';

/** Seconds between two times at which what was written is sent to the disk itself. */
const SYNC_SECONDS = 30;

/** A `.trials` file of this process: written in order, and never left with half a record. */
export class TrialsWriter {
  readonly path: string;
  /** What a user does once there is room again. */
  readonly #remedy: string;
  readonly #file: number;
  #length = 0;
  #synced = performance.now();
  /** Settles once all that was sent to the disk is there, or has failed. */
  #syncing: Promise<void> = Promise.resolve();
  #failure: NodeJS.ErrnoException | null = null;

  /** Makes the file, which must not be there, and writes its first line. */
  constructor(path: string, header: Header, remedy: string) {
    this.path = path;
    this.#remedy = remedy;
    try {
      this.#file = openSync(path, 'wx+');
    } catch (error) {
      throw this.#broken(error);
    }
    this.#write(headerLine(header));
  }

  append(entry: JournalEntry): void {
    for (const record of batchRecords(entry)) this.#write(record);
  }

  /** The last word. */
  end(outcome: Outcome, why = ''): void {
    this.#write(endRecord(outcome, why));
  }

  /** Says that the writer is alive, though it has nothing to write. */
  touch(): void {
    const now = new Date();
    futimesSync(this.#file, now, now);
  }

  #write(record: Uint8Array): void {
    if (this.#failure) throw this.#broken(this.#failure);
    try {
      for (let sent = 0; sent < record.length; )
        sent += writeSync(this.#file, record, sent, record.length - sent, this.#length + sent);
    } catch (error) {
      ftruncateSync(this.#file, this.#length);
      throw this.#broken(error);
    }
    this.#length += record.length;
    if (performance.now() - this.#synced > 1000 * SYNC_SECONDS) this.#sync();
  }

  /** In the background: the device is not to wait for the disk. */
  #sync(): void {
    this.#synced = performance.now();
    const before = this.#syncing;
    this.#syncing = new Promise((resolve) => {
      fdatasync(this.#file, (error) => {
        this.#failure ??= error;
        before.then(resolve);
      });
    });
  }

  async close(): Promise<void> {
    await this.#syncing;
    try {
      fdatasyncSync(this.#file);
    } catch (error) {
      throw this.#broken(error);
    } finally {
      closeSync(this.#file);
    }
  }

  #broken(error: unknown): CliError {
    const { code } = error as NodeJS.ErrnoException;
    return new CliError(Exit.broken, `Cannot write ${this.path} (${code}); ${this.#remedy}.`);
  }
}
