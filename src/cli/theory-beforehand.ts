import type { Phase } from '../engine/phase.ts';
import type { Experiment } from '../experiment/experiment.ts';
import { type TheoryLines, theoryLines } from '../library/report.ts';
import { inTurns } from '../plan/turns.ts';

/** The lines of theory of all figures, worked out while a device draws trials. Whoever begins them stops them. */
export class TheoryBeforehand {
  readonly #stop = new AbortController();
  readonly #lines: Promise<TheoryLines | null>;
  #tell: (phase: Phase) => void = () => {};

  constructor(experiment: Experiment, signal: AbortSignal) {
    const stopped = AbortSignal.any([signal, this.#stop.signal]);
    this.#lines = inTurns(theoryLines(experiment), stopped, (phase) => this.#tell(phase)).then(
      (done) => done?.value ?? null,
    );
    // Whoever asks for them hears of a failure.
    this.#lines.catch(() => {});
  }

  /** `tell` hears of what is left to do. null where they were stopped. */
  lines(tell: (phase: Phase) => void): Promise<TheoryLines | null> {
    this.#tell = tell;
    return this.#lines;
  }

  stop(): void {
    this.#stop.abort();
  }
}
