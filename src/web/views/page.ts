import { html, type TemplateResult } from 'lit';
import { regimes } from '../../regimes/index.ts';
import { presets } from '../presets.ts';
import type { Actions } from '../session.ts';
import type { State } from '../store.ts';
import { deviceView } from './device.ts';
import { panelsView } from './panels.ts';
import { runView } from './run.ts';
import { settingsView } from './settings.ts';

/** The whole page as a function of its state. */
export function pageView(state: State, actions: Actions): TemplateResult {
  return html`
    <header>
      <h1>collapse-lab</h1>
      <p>What happens to a model that learns from labels made by models? Each figure is simulated here, on your
        machine, beside the theorem that predicts it.</p>
    </header>
    <nav aria-label="Experiments">
      <h2>Experiments</h2>
      <ul>${presets.map(({ name, title }) => html`<li><a href="#preset=${name}" aria-current=${state.preset?.name === name ? 'page' : 'false'}>${title}</a></li>`)}</ul>
    </nav>
    ${settingsView(state, actions)}
    <article aria-label="Experiment">
      ${introduction(state)}
      ${deviceView(state)}
      ${runView(state, actions)}
      ${panelsView(state)}
    </article>
  `;
}

function introduction({ preset, experiment }: State): TemplateResult {
  const title = experiment?.title ?? preset?.title ?? 'Experiment';
  const cited = new Set(experiment?.panels.map(({ regime }) => regimes.get(regime)!));
  return html`
    <h2>${title}</h2>
    ${preset?.story.map((paragraph) => html`<p>${paragraph}</p>`)}
    ${[...cited].map(({ title, citation }) => html`<p class="citation">${title}: ${citation}</p>`)}
  `;
}
