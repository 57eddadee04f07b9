import { html, type TemplateResult } from 'lit';
import { describe } from '../../experiment/problem.ts';
import type { Actions } from '../session.ts';
import type { State } from '../store.ts';
import { browseDialog } from './browse.ts';
import { deviceView } from './device.ts';
import { opener } from './dialog.ts';
import { historyDialog } from './history.ts';
import { imagesView } from './images.ts';
import { panelsView } from './panels.ts';
import { runView } from './run.ts';
import { saveView } from './save.ts';
import { scienceView } from './science.ts';
import { settingsView } from './settings.ts';

/** The whole page as a function of its state: figure and Run first, what they mean below, settings beside. */
export function pageView(state: State, actions: Actions): TemplateResult {
  return html`
    <a class="skip" href="#main" @click=${skip}>Skip to the experiment</a>
    <header>
      <h1><a href="#">collapse-lab</a></h1>
      <p>What becomes of a model that learns from models? Simulated here, beside the theorems.</p>
      <nav aria-label="Experiments and earlier runs">
        <button id="open-browse" @click=${opener('browse')}>Experiments</button>
        <button id="open-history" @click=${opener('history')}>Earlier runs</button>
      </nav>
    </header>
    <main id="main" tabindex="-1">
      <article aria-labelledby="title">
        ${headView(state)} ${lostView(state)} ${imagesView(state, actions)} ${runView(state, actions)}
        ${panelsView(state, actions)} ${saveView(state)} ${deviceView(state)}
      </article>
      ${scienceView(state)}
    </main>
    ${settingsView(state, actions)} ${browseDialog(state)} ${historyDialog(state, actions)}
  `;
}

/** Not by the address, which says the experiment. */
function skip(event: Event): void {
  event.preventDefault();
  document.getElementById('main')!.focus();
}

function headView({ experiment, preset, lost }: State): TemplateResult {
  const title = lost.length > 0 ? 'No experiment' : (experiment?.title ?? preset?.title ?? 'Experiment');
  return html`<h2 id="title" tabindex="-1">${title}</h2>`;
}

/** A link that leads nowhere. */
function lostView({ lost }: State): TemplateResult {
  if (lost.length === 0) return html``;
  return html`<div class="banner" role="alert" id="lost">
    <p>This link does not lead to an experiment:</p>
    <ul>${lost.map((problem) => html`<li>${describe(problem)}</li>`)}</ul>
    <p><a href="#">Open the first experiment</a>, or choose another one under Experiments.</p>
  </div>`;
}
