import { closeSync, openSync } from 'node:fs';

/** A process may have some 1000 files open, and a run of many shards has more. */
const MOST_OPEN = 200;

/** Files that are open for reading; those not asked for in a while are closed, and opened again when they are. */
export class OpenFiles {
  readonly #files = new Map<string, number>();

  get(path: string): number {
    const file = this.#files.get(path) ?? openSync(path, 'r');
    this.#files.delete(path);
    this.#files.set(path, file);
    if (this.#files.size > MOST_OPEN) {
      const [oldest, least] = this.#files.entries().next().value!;
      this.#files.delete(oldest);
      closeSync(least);
    }
    return file;
  }

  close(): void {
    for (const file of this.#files.values()) closeSync(file);
    this.#files.clear();
  }
}
