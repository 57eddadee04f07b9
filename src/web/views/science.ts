import { html, nothing, type TemplateResult } from 'lit';
import { unsafeHTML } from 'lit/directives/unsafe-html.js';
import { until } from 'lit/directives/until.js';
import 'katex/dist/katex.min.css';
import { regimes } from '../../regimes/index.ts';
import { prose } from '../prose.ts';
import type { State } from '../store.ts';

/** Texts about every regime, their mathematics typeset when the page is built (`build/typeset.ts`). */
const texts = import.meta.glob<string>('../science/*.md', { import: 'default' });

const loaded = new Map<string, Promise<unknown>>();

/** What is drawn and why: the text of the experiment, the model and its theorems, and where they are from. */
export function scienceView({ preset, experiment }: State): TemplateResult | typeof nothing {
  if (!experiment) return nothing;
  const names = [...new Set(experiment.panels.map(({ regime }) => regime))];
  return html`<section class="science" aria-label="About this experiment">
    ${preset ? html`<div class="story"><h3>This experiment</h3>${preset.story.map((paragraph) => html`<p>${prose(paragraph)}</p>`)}</div>` : nothing}
    ${names.map((name) => {
      const { title, citation } = regimes.get(name)!;
      return html`<div class="regime">
        <h3>${title}</h3>
        ${until(textOf(name), nothing)}
        <p class="citation">${cited(citation)}</p>
      </div>`;
    })}
  </section>`;
}

function textOf(name: string): Promise<unknown> {
  const known = loaded.get(name);
  if (known) return known;
  const load = texts[`../science/${name}.md`];
  const text = load ? load().then((content) => unsafeHTML(content)) : Promise.resolve(nothing);
  loaded.set(name, text);
  return text;
}

/** With a link to every paper. */
function cited(citation: string): TemplateResult {
  const parts = citation.split(/(arXiv:\d{4}\.\d{5}(?:v\d+)?)/);
  return html`${parts.map((part, i) => (i % 2 === 1 ? html`<a href="https://arxiv.org/abs/${part.slice(6)}">${part}</a>` : part))}`;
}
