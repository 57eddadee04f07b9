/** Seconds that a measurement may take, from now on. */
export class Budget {
  readonly #end: number;

  /** null: as many as it takes. */
  constructor(seconds: number | null) {
    this.#end = seconds === null ? Number.POSITIVE_INFINITY : performance.now() + 1000 * seconds;
  }

  get over(): boolean {
    return this.left <= 0;
  }

  /** Seconds that are left. */
  get left(): number {
    return (this.#end - performance.now()) / 1000;
  }
}
