import { html, nothing, type TemplateResult } from 'lit';
import { describe, type Problem } from '../../experiment/problem.ts';
import type { Actions } from '../session.ts';
import { canRun, canStop, hasRidge, isRunning, isSearching, type State } from '../store.ts';
import { announcement, failedText, progressText, ridgeText, sentence } from '../words.ts';

/** Start, stop and progress. Buttons that can do nothing keep the focus and say so. */
export function runView(state: State, actions: Actions): TemplateResult | typeof nothing {
  if (state.lost.length > 0) return nothing;
  return html`
    <section aria-label="Run" class="run">
      <div class="buttons">
        <button class="primary" id="run" aria-disabled=${!canRun(state)} @click=${actions.run.bind(actions)}>Run</button>
        <button id="stop" aria-disabled=${!canStop(state)} @click=${actions.stop.bind(actions)}>Stop</button>
        ${hasRidge(state) ? html`<button id="find-ridge" aria-disabled=${!canRun(state)} @click=${actions.findRidge.bind(actions)}>Find the best ridge</button>` : nothing}
        <div class="status">
          ${progressBar(state)}
          <p><span id="progress-text" class=${state.run?.outcome === 'broken' ? 'problem' : ''}>${progressText(state)}</span>
            <span id="failed-text">${failedText(state)}</span></p>
          <p id="ridge-text" class=${state.ridges?.status === 'refused' ? 'problem' : ''} role="status">${ridgeText(state)}</p>
          <p id="theory-text">${state.theory?.doing ? `${state.theory.doing}…` : ''}</p>
        </div>
      </div>
      <p class="for-listeners" role="status" aria-live="polite">${announcement(state)}</p>
      ${problemsView(state)} ${notes(state)}
    </section>
  `;
}

function progressBar(state: State): TemplateResult | typeof nothing {
  if (!isRunning(state)) return nothing;
  const batch = (isSearching(state) ? state.ridges : state.run)?.batch;
  if (!batch) return html`<progress aria-label="Trials done"></progress>`;
  return html`<progress aria-label="Trials done" value=${batch.trialsDone} max=${batch.trialsTotal}></progress>`;
}

/** More are counted. */
const MOST_SHOWN = 5;

/** Why it cannot run, each with the way to the field that is wrong. */
function problemsView({ problems }: State): TemplateResult | typeof nothing {
  if (problems.length === 0) return nothing;
  const more = problems.length - MOST_SHOWN;
  return html`<div class="problem" id="run-problems">
    <p>The run waits until this is right:</p>
    <ul>${problems.slice(0, MOST_SHOWN).map(problemView)}${more > 0 ? html`<li>and ${more} more</li>` : nothing}</ul>
  </div>`;
}

function problemView(problem: Problem): TemplateResult {
  const show = () => {
    const field = [problem.path, problem.path.replace(/[.[][^.[]*$/, ''), '']
      .map((path) => document.getElementById(path === '' ? 'file' : `field-${path}`))
      .find((element) => element !== null);
    field?.closest('details')?.setAttribute('open', '');
    field?.focus();
  };
  return html`<li>${sentence(describe(problem))} <button class="link" @click=${show}>Show<span class="for-listeners"> ${problem.path}</span></button></li>`;
}

function notes({ run }: State): TemplateResult | typeof nothing {
  if (!run || run.notes.length === 0) return nothing;
  return html`<ul class="problem">${run.notes.map((note) => html`<li>${note}</li>`)}</ul>`;
}
