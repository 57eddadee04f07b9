import type { PanelResult, Results } from '../experiment/results.ts';

/** What the engine tells while it works; the command line and the page turn it into words. */
export type Progress =
  | {
      readonly kind: 'batch';
      readonly trialsDone: number;
      readonly trialsTotal: number;
      readonly trialsPerSecond: number;
      readonly secondsLeft: number;
      readonly failed: number;
    }
  | { readonly kind: 'panel'; readonly result: PanelResult }
  | { readonly kind: 'note'; readonly text: string };

export interface RunOutcome {
  readonly results: Results;
  /** False when the user stopped the run before all trials were drawn. */
  readonly complete: boolean;
}
