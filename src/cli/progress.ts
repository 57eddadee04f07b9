import type { Progress } from '../engine/events.ts';
import { phaseText } from '../engine/phase.ts';
import { complain } from './streams.ts';

/** Milliseconds between two progress lines: on a terminal the line is rewritten, in a log it is a new one. */
const INTERVAL = { terminal: 200, log: 10_000 } as const;

/** The progress line on stderr; a quiet one says nothing. */
export class ProgressLine {
  readonly #terminal = process.stderr.isTTY;
  readonly #quiet: boolean;
  readonly #start = performance.now();
  #last = Number.NEGATIVE_INFINITY;
  #open = false;

  constructor(quiet = false) {
    this.#quiet = quiet;
  }

  show(progress: Progress): void {
    if (this.#quiet) return;
    if (progress.kind === 'note') {
      this.end();
      complain(progress.text);
      return;
    }
    const now = performance.now();
    const done = progress.kind === 'batch' && progress.trialsDone >= progress.trialsTotal;
    // A phase is worth a word once it takes its time.
    if (progress.kind === 'phase') this.#last = Math.max(this.#last, this.#start);
    if (!done && now - this.#last < (this.#terminal ? INTERVAL.terminal : INTERVAL.log)) return;
    this.#last = now;
    const text = progress.kind === 'phase' ? phaseText(progress) : progressText(progress);
    process.stderr.write(this.#terminal ? `\r\x1b[2K${text}` : `${text}\n`);
    this.#open = this.#terminal;
  }

  /** Leaves the line, so that what follows begins on a new one. */
  end(): void {
    if (this.#open) process.stderr.write('\n');
    this.#open = false;
  }
}

function progressText(progress: Extract<Progress, { kind: 'batch' }>): string {
  const { trialsDone, trialsTotal, underWay, trialsPerSecond, secondsLeft, failed } = progress;
  const percent = Math.floor((100 * (trialsDone + underWay)) / trialsTotal);
  const failures = failed > 0 ? `, ${failed} failed` : '';
  return `${percent} % · ${trialsDone} of ${trialsTotal} trials · ${rate(trialsPerSecond)} trials/s · ${duration(secondsLeft)} left${failures}`;
}

const rate = (perSecond: number) => (perSecond >= 100 ? perSecond.toFixed(0) : perSecond.toPrecision(2));

export function duration(seconds: number): string {
  if (seconds < 60) return `${Math.ceil(seconds)} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${Math.ceil(seconds % 60)} s`;
  return `${(seconds / 3600).toFixed(1)} h`;
}
