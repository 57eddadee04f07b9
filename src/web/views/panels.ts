import { html, nothing, type TemplateResult } from 'lit';
import type { Panel } from '../../experiment/experiment.ts';
import type { CellResult } from '../../experiment/results.ts';
import type { CaptionParts } from '../../report/caption.ts';
import type { FigureInput, FigureWidth } from '../../report/figure.ts';
import { startedCells } from '../../report/figure-data.ts';
import { COMMIT, VERSION } from '../about.ts';
import { download, figureFile, figureImage } from '../files.ts';
import type { PanelTheory } from '../messages.ts';
import { sheetOf } from '../plot.ts';
import { ridgeTicks } from '../ridges.ts';
import type { Actions } from '../session.ts';
import type { State } from '../store.ts';
import { sentence } from '../words.ts';
import { plotView } from './plot.ts';
import { ridgesView } from './ridges.ts';
import { tableView } from './table.ts';

/** Figures are drawn for a column where they have no more room: their letters stay readable. */
const COLUMN = matchMedia('(max-width: 40rem)');
/** Two figures stand side by side beside the settings. */
const DESK = matchMedia('(min-width: 60rem)');

const NO_THEORY: PanelTheory = { points: [], silent: null };

/** Figure and table of every panel, two side by side where there is room. */
export function panelsView(state: State, actions: Actions): TemplateResult | typeof nothing {
  const { experiment, run } = state;
  if (!experiment) return nothing;
  const several = experiment.panels.length > 1;
  return html`${ghostView(state, actions)}
    <div class=${several ? 'panels several' : 'panels'}>${experiment.panels.map((panel, i) => {
      const cells = run?.panels[i]?.cells ?? [];
      return html`<section class="panel" aria-label="Panel ${panel.name}">
        ${several ? html`<h3>${panel.name}</h3>` : nothing}
        ${figureView(state, panel, i, cells)} ${ridgesView(state, panel)} ${tableView(panel, cells)}
      </section>`;
    })}</div>`;
}

function ghostView({ ghost }: State, actions: Actions): TemplateResult | typeof nothing {
  if (!ghost) return nothing;
  const hide = () => {
    actions.hideGhost();
    document.querySelector<HTMLElement>('.plot, #title')?.focus();
  };
  return html`<p class="ghost-note">Pale: another run${ghost.words === '' ? '' : `, ${ghost.words}`}.
    <button class="link" id="hide-ghost" @click=${hide}>Take it away</button></p>`;
}

/** Theory is drawn as soon as it is known, before any trial; marks follow. */
function figureView(state: State, panel: Panel, index: number, cells: readonly CellResult[]) {
  const { experiment, device, theory, ghost } = state;
  if (panel.figure === null) return nothing;
  const { points, silent } = theory?.panels[index] ?? NO_THEORY;
  const started = startedCells(cells).length > 0;
  const pending = points.length === 0 && !started && (theory === null || theory.doing !== null) && silent === null;
  if (pending) return html`<p class="pending">Working out the theory…</p>`;
  const several = experiment!.panels.length > 1;
  const input: FigureInput = {
    title: several ? `${experiment!.title}: ${panel.name}` : experiment!.title,
    panel,
    cells,
    theory: points,
    fits: state.run?.panels[index]?.fits,
    ticks: ticksOf(state, panel),
    provenance: {
      version: VERSION,
      commit: COMMIT,
      backend: device && !device.adapter ? 'reference' : 'chrome',
      adapter: device?.adapter ?? null,
    },
    width: widthFor(several),
    bare: true,
  };
  const whole: FigureInput = { ...input, bare: false, width: 'default' };
  const name = several ? panel.name : experiment!.name;
  const saveSvg = () => download(`${name}.svg`, 'image/svg+xml', figureFile(whole));
  const savePng = () => void figureImage(whole).then((image) => download(`${name}.png`, 'image/png', image));
  return html`
    ${plotView(input, ghost, index, captionView(input, silent, theory?.doing === null))}
    ${theory?.problem ? html`<p class="problem">${sentence(`Without theory: ${theory.problem}`)}</p>` : nothing}
    <div class="buttons small"><button class="save-figure" @click=${saveSvg}>${name}.svg</button>
      <button class="save-image" @click=${savePng}>${name}.png</button></div>
  `;
}

/** Kept as long as what they come from, so that an unchanged figure is not drawn again. */
let keptTicks: { readonly reports: unknown; readonly byPanel: Map<Panel, FigureInput['ticks']> } = {
  reports: null,
  byPanel: new Map(),
};

function ticksOf({ ridges }: State, panel: Panel): FigureInput['ticks'] {
  const reports = ridges?.reports ?? null;
  if (keptTicks.reports !== reports) keptTicks = { reports, byPanel: new Map() };
  const ticks = keptTicks.byPanel.get(panel) ?? ridgeTicks(panel, reports ?? []);
  keptTicks.byPanel.set(panel, ticks);
  return ticks;
}

function widthFor(several: boolean): FigureWidth {
  if (COLUMN.matches) return 'icml';
  if (!several) return 'default';
  return DESK.matches ? 'page' : 'icml';
}

/** What the marks are, where the curves come from, and what is missing. */
function captionView(input: FigureInput, silent: PanelTheory['silent'], theoryDone: boolean): TemplateResult {
  const { quantity, means, medians, theory, leading, coincident, fits, dropped, progress } = sheetOf(input).parts;
  const begun = means !== undefined || medians !== undefined;
  const marks: CaptionParts['means'][] = [
    quantity,
    means,
    medians,
    theory,
    leading,
    coincident,
    fits,
    dropped,
    begun ? progress : undefined,
  ];
  const sentences = [
    ...marks,
    ...printedWords(input.panel),
    ...(theoryDone || silent ? silenceWords(input.panel, silent) : []),
  ];
  return html`${sentences.filter((text) => text !== undefined).join(' ')}`;
}

/** What rings are, and which of them the paper has otherwise than it should. */
function printedWords({ expected = [] }: Panel): readonly string[] {
  if (expected.length === 0) return [];
  const wrong = expected.filter(({ misprint }) => misprint !== undefined);
  const open = expected.filter(({ unsettled }) => unsettled !== undefined);
  const reasons = (list: typeof expected, key: 'misprint' | 'unsettled') =>
    [...new Set(list.map((one) => one[key]!))].join('; ');
  return [
    'Rings: values printed in the paper.',
    ...(wrong.length > 0
      ? [sentence(`${shareOf(wrong.length, expected.length)} not right: ${reasons(wrong, 'misprint')}`)]
      : []),
    ...(open.length > 0
      ? [
          sentence(
            `${shareOf(open.length, expected.length)} for settings that it does not give: ${reasons(open, 'unsettled')}`,
          ),
        ]
      : []),
  ];
}

const shareOf = (part: number, all: number): string =>
  part === all ? 'They are' : part === 1 ? 'One of them is' : `${part} of them are`;

function silenceWords({ cells }: Panel, silent: PanelTheory['silent']): readonly string[] {
  if (!silent) return [];
  if (silent.cells === cells.length) return [sentence(`No theory is drawn: ${silent.reason}`)];
  return [sentence(`${silent.cells} of ${cells.length} cells are without theory: ${silent.reason}`)];
}
