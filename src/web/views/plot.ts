import { html, nothing, type TemplateResult } from 'lit';
import { guard } from 'lit/directives/guard.js';
import type { Panel } from '../../experiment/experiment.ts';
import { panelFigure } from '../../report/figure.ts';
import type { FigureInput, Sheet } from '../../report/figure-layout.ts';
import { layoutOf } from '../../report/series.ts';
import { ghostLayer, nearestSpot, type Spot, sheetOf, spotsOf } from '../plot.ts';
import type { Ghost } from '../store.ts';

/** Pixels on the screen from which a mark is pointed at. */
const REACH = 40;

/** A figure that says what is under the pointer, or at the mark that arrow keys lead to. */
export function plotView(input: FigureInput, ghost: Ghost | null, index: number, caption: unknown): TemplateResult {
  const { panel, cells, theory, fits, ticks, width } = input;
  const then = ghost?.experiment.panels[index];
  const draw = () => {
    const sheet = sheetOf(input);
    const svg = panelFigure(input, document);
    // White paper and black ink; here they are the page's.
    svg.style.background = '';
    svg.style.color = '';
    // The figure as a whole has a name; its parts need none, and not all may have one.
    for (const part of svg.querySelectorAll('[aria-label]')) part.removeAttribute('aria-label');
    const cellsThen = ghost?.panels[index]?.cells;
    const pale =
      then && cellsThen
        ? ghostLayer(
            sheet,
            panel,
            { panel: then, cells: cellsThen, theory: ghost.theory[index]?.points ?? [] },
            document,
          )
        : null;
    if (pale) svg.insertBefore(pale, svg.querySelector(':scope > .theory, :scope > .mean'));
    return svg;
  };
  const pointer = new Pointer(input, panel);
  return html`<figure>
    <div class=${layoutOf(panel).facets.length > 0 ? 'plot framed' : 'plot'} tabindex="0" role="group" aria-label="Figure of panel ${panel.name}: arrow keys go from mark to mark"
      @pointermove=${pointer.move} @pointerdown=${pointer.move} @pointerleave=${pointer.leave} @keydown=${pointer.key} @blur=${pointer.leave}>
      ${guard([panel, cells, theory, fits, ticks, width, ghost], draw)}
      <div class="tip" role="status"></div>
    </div>
    ${caption === nothing ? nothing : html`<figcaption>${caption}</figcaption>`}
  </figure>`;
}

/** Finds what is under the pointer; looks the marks up when it first moves. */
class Pointer {
  readonly #input: FigureInput;
  readonly #panel: Panel;
  #found: { readonly sheet: Sheet; readonly spots: readonly Spot[] } | null = null;
  #at: number | null = null;

  constructor(input: FigureInput, panel: Panel) {
    this.#input = input;
    this.#panel = panel;
  }

  readonly move = (event: PointerEvent): void => {
    const plot = event.currentTarget as HTMLElement;
    const { sheet, spots } = this.#spots();
    const box = plot.querySelector('svg')!.getBoundingClientRect();
    const scale = sheet.width / box.width;
    const [x, y] = [(event.clientX - box.left) * scale, (event.clientY - box.top) * scale];
    this.#show(plot, nearestSpot(spots, x, y, REACH * scale));
  };

  readonly leave = (event: Event): void => this.#show(event.currentTarget as HTMLElement, null);

  readonly key = (event: KeyboardEvent): void => {
    const plot = event.currentTarget as HTMLElement;
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    const { spots } = this.#spots();
    if (event.key === 'Escape') this.#show(plot, null);
    if (step === undefined || spots.length === 0) return;
    event.preventDefault();
    const from = Number(plot.dataset.at ?? (step > 0 ? -1 : 0));
    this.#show(plot, (from + step + spots.length) % spots.length);
  };

  #spots() {
    if (!this.#found) {
      const sheet = sheetOf(this.#input);
      this.#found = { sheet, spots: spotsOf(sheet, this.#panel) };
    }
    return this.#found;
  }

  #show(plot: HTMLElement, at: number | null): void {
    const tip = plot.querySelector<HTMLElement>('.tip')!;
    if (at === null) {
      delete plot.dataset.at;
      this.#at = null;
      tip.classList.remove('shown');
      return;
    }
    if (at === this.#at && tip.classList.contains('shown')) return;
    this.#at = at;
    plot.dataset.at = String(at);
    const { sheet, spots } = this.#spots();
    const { x, y, lines } = spots[at]!;
    tip.replaceChildren(...lines.map(lineElement));
    tip.style.left = `${(100 * x) / sheet.width}%`;
    tip.style.top = `${(100 * y) / sheet.height}%`;
    tip.classList.toggle('flipped', x > sheet.width / 2);
    tip.classList.add('shown');
  }
}

/** A line of text with its superscripts. */
function lineElement(text: string): HTMLElement {
  const line = document.createElement('div');
  text.split(/\^\{([^}]*)\}/).forEach((part, i) => {
    if (i % 2 === 0) line.append(part);
    else line.append(Object.assign(document.createElement('sup'), { textContent: part }));
  });
  return line;
}
