import { html, nothing, type TemplateResult } from 'lit';
import { guard } from 'lit/directives/guard.js';
import type { Panel } from '../../experiment/experiment.ts';
import type { CellResult } from '../../experiment/results.ts';
import { type FigureInput, panelFigure } from '../../report/figure.ts';
import { COMMIT, VERSION } from '../about.ts';
import { download, figureFile } from '../files.ts';
import { ridgeTicks } from '../ridges.ts';
import type { State } from '../store.ts';
import { ridgesView } from './ridges.ts';
import { tableView } from './table.ts';

/** Screens that are narrower than the figure of a desk get the one for a column, whose letters stay readable. */
const NARROW = matchMedia('(max-width: 40rem)');

/** Figure and table of every panel. */
export function panelsView(state: State): readonly TemplateResult[] {
  const { experiment, run } = state;
  if (!experiment) return [];
  return experiment.panels.map((panel, i) => {
    const cells = run?.panels[i]?.cells ?? [];
    return html`<section class="panel" aria-label="Panel ${panel.name}">
      ${figureView(state, panel, i, cells)} ${ridgesView(state, panel)} ${tableView(panel, cells)}
    </section>`;
  });
}

/** Theory is drawn as soon as it is known, before any trial; marks follow. */
function figureView(state: State, panel: Panel, index: number, cells: readonly CellResult[]) {
  const { experiment, device, curves, theoryProblem } = state;
  if (panel.figure === null) return nothing;
  if (!curves) return html`<p class="pending">Working out the theory…</p>`;
  const alone = experiment!.panels.length === 1;
  const input: FigureInput = {
    title: alone ? experiment!.title : `${experiment!.title}: ${panel.name}`,
    panel,
    cells,
    theory: curves[index] ?? [],
    fits: state.run?.panels[index]?.fits,
    ticks: ridgeTicks(panel, state.ridges?.reports ?? []),
    provenance: {
      version: VERSION,
      commit: COMMIT,
      backend: device && !device.adapter ? 'reference' : 'chrome',
      adapter: device?.adapter ?? null,
    },
    width: NARROW.matches ? 'icml' : 'default',
  };
  const save = () => download(`${panel.name}.svg`, 'image/svg+xml', figureFile(input));
  return html`
    <figure>${guard([panel, cells, curves, device, input.width, state.ridges?.reports], () => panelFigure(input, document))}</figure>
    ${theoryProblem === null ? nothing : html`<p class="problem">Without theory: ${theoryProblem}</p>`}
    <p class="buttons"><button class="save-figure" @click=${save}>${panel.name}.svg</button></p>
  `;
}
