import type { RidgeReport } from '../engine/ridge-report.ts';
import type { Panel } from '../experiment/experiment.ts';
import type { Tick } from '../report/figure-layout.ts';
import { layoutOf, seriesOf } from '../report/series.ts';

/** The best ridges as ticks on the curves of a panel; none where it does not draw the test error along the ridge. */
export function ridgeTicks(panel: Panel, reports: readonly RidgeReport[]): readonly Tick[] {
  if (panel.figure === null || panel.y !== undefined) return [];
  const layout = layoutOf(panel);
  if (layout.x.path !== 'downstream.ridge') return [];
  return reports
    .filter((report) => report.panel === panel.name)
    .flatMap(({ at, choices }) =>
      choices.flatMap(({ choice, ridge, theory, simulated }): Tick[] => {
        const y = theory?.error ?? simulated?.error.mean;
        if (choice === 'clean' || ridge === null || y === undefined) return [];
        return [{ x: ridge, y, series: seriesOf(layout, at), kind: choice }];
      }),
    );
}
