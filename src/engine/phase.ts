/** How far the work on the CPU is that comes after the trials: cells counted, predicted and judged, panels fitted and drawn. */
export interface Phase {
  readonly kind: 'phase';
  readonly phase: keyof typeof WORDS;
  readonly done: number;
  readonly total: number;
}

const WORDS = {
  count: { work: 'Counting trials', things: 'cells' },
  theory: { work: 'Theory', things: 'cells' },
  fits: { work: 'Fits', things: 'panels' },
  verdicts: { work: 'Verdicts', things: 'cells' },
  replay: { work: 'Replaying in f64', things: 'trials' },
  figures: { work: 'Curves of theory', things: 'figures' },
} as const;

/** The same in words, for the command's progress line and for the page. */
export function phaseText({ phase, done, total }: Phase): string {
  const { work, things } = WORDS[phase];
  return `${work}: ${done} of ${total} ${things}`;
}
