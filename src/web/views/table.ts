import { html, nothing, type TemplateResult } from 'lit';
import { guard } from 'lit/directives/guard.js';
import type { Panel } from '../../experiment/experiment.ts';
import type { CellResult } from '../../experiment/results.ts';
import { labelOf, shortNumber } from '../../report/labels.ts';
import { asTerm } from '../../report/quantity.ts';
import { RESULT_HEADS, resultFields } from '../../report/table.ts';
import { rich } from './rich.ts';

/** The numbers behind a figure, for those who cannot see it or want more digits. */
export function tableView(panel: Panel, cells: readonly CellResult[]): TemplateResult | typeof nothing {
  if (cells.length === 0) return nothing;
  return html`<details class="data">
    <summary>Data${panel.name === 'main' ? '' : ` of panel ${panel.name}`}${panel.y ? `: ${panel.y}` : ''}</summary>
    <div class="scroll" tabindex="0" role="region" aria-label="Data of panel ${panel.name}">
      ${guard([panel, cells], () => table(panel, cells))}
    </div>
  </details>`;
}

function table({ axes, y }: Panel, cells: readonly CellResult[]): TemplateResult {
  const paths = axes.map(({ path }) => path);
  return html`<table>
    <thead>
      <tr>
        ${paths.map((path) => html`<th scope="col">${rich(labelOf(path).symbol)}</th>`)}
        ${RESULT_HEADS.map((head) => html`<th scope="col">${head}</th>`)}
      </tr>
    </thead>
    <tbody>${cells.map((cell) => row(paths, asTerm(cell, y)))}</tbody>
  </table>`;
}

function row(paths: readonly string[], cell: CellResult): TemplateResult {
  return html`<tr>
    ${paths.map((path) => html`<th scope="row">${rich(shortNumber(cell.at[path] ?? Number.NaN))}</th>`)}
    ${resultFields(cell).map((field) => html`<td>${field}</td>`)}
  </tr>`;
}
