import { html, nothing, type TemplateResult } from 'lit';
import { csvOf } from '../../report/csv.ts';
import { resultsJson } from '../../report/results-json.ts';
import { commandOf, download } from '../files.ts';
import type { Actions } from '../session.ts';
import { canRun, canStop, isRunning, isSearching, type State } from '../store.ts';
import { announcement, failedText, progressText, ridgeText } from '../words.ts';
import { copyButton } from './copy-button.ts';

/** Start, stop, progress, and what there is to take away. */
export function runView(state: State, actions: Actions): TemplateResult {
  return html`
    <section aria-label="Run" class="run">
      <p class="buttons">
        <button class="primary" id="run" ?disabled=${!canRun(state)} @click=${actions.run.bind(actions)}>Run</button>
        <button id="stop" ?disabled=${!canStop(state)} @click=${actions.stop.bind(actions)}>Stop</button>
        <button id="find-ridge" ?disabled=${!canRun(state)} @click=${actions.findRidge.bind(actions)}>Find the best ridge</button>
        ${progressBar(state)}
      </p>
      <p id="progress-text" class=${state.run?.end?.outcome === 'broken' ? 'problem' : ''}>${progressText(state)}</p>
      <p id="ridge-text" class=${state.ridges?.status === 'refused' ? 'problem' : ''} role="status">${ridgeText(state)}</p>
      <p class="for-listeners" role="status" aria-live="polite">${announcement(state)}</p>
      ${problemCount(state)} ${notes(state)}
      <p id="failed-text">${failedText(state)}</p>
      ${takeAway(state)}
    </section>
  `;
}

function progressBar(state: State): TemplateResult | typeof nothing {
  if (!isRunning(state)) return nothing;
  const { trialsDone, trialsTotal } = (isSearching(state) ? state.ridges : state.run)?.batch ?? {
    trialsDone: 0,
    trialsTotal: 1,
  };
  return html`<progress aria-label="Trials done" value=${trialsDone} max=${trialsTotal}></progress>`;
}

function problemCount({ problems }: State): TemplateResult | typeof nothing {
  if (problems.length === 0) return nothing;
  const count = problems.length === 1 ? 'one problem' : `${problems.length} problems`;
  return html`<p class="problem">The settings have ${count}; the run waits until they are right.</p>`;
}

function notes({ run }: State): TemplateResult | typeof nothing {
  if (!run || run.notes.length === 0) return nothing;
  return html`<ul class="problem">${run.notes.map((note) => html`<li>${note}</li>`)}</ul>`;
}

/** Results are there at the end of a run, also of one that was stopped; the link always. */
function takeAway({ run, link, experiment }: State): TemplateResult | typeof nothing {
  if (link === '' || !experiment) return nothing;
  const results = run?.end?.results;
  const save = (name: string, type: string, text: () => string) => () => download(name, type, text());
  const address = () => location.href;
  return html`
    <p class="buttons">
      <button id="save-results" ?disabled=${!results} @click=${save('results.json', 'application/json', () => resultsJson(results!))}>results.json</button>
      <button id="save-table" ?disabled=${!results} @click=${save('table.csv', 'text/csv', () => csvOf(results!.panels))}>table.csv</button>
      ${copyButton('Copy link', address)} ${copyButton('Copy command', () => commandOf(link))}
    </p>
    <p>The same in a terminal: <code id="command">${commandOf(link)}</code></p>
  `;
}
