import { html, nothing, type TemplateResult } from 'lit';
import { describe, type Problem } from '../../experiment/problem.ts';
import { type Field, type FieldGroup, fieldGroups, problemsAt } from '../fields.ts';
import type { Actions } from '../session.ts';
import { isRunning, type State } from '../store.ts';
import { rich } from './rich.ts';

/** Below this the settings begin folded, so that the figures come first. */
const NARROW = '(max-width: 60rem)';

/** Characters that fit beside a label. */
const LONG = 15;

/** The numbers of the experiment as a form, and its whole file as text. */
export function settingsView(state: State, actions: Actions): TemplateResult {
  const groups = fieldGroups(state.file);
  const locked = isRunning(state);
  return html`
    <details class="settings" ?open=${!matchMedia(NARROW).matches}>
      <summary><h2>Settings</h2></summary>
      <p class="hint">A number may also be a list, <code>1, 3, 10</code>, or a range,
        <code>{ logspace: [-3, 1, 10] }</code>.</p>
      <form @submit=${runOnEnter(actions)}>
        <fieldset class="all" ?disabled=${locked || !state.readable}>
          <legend class="for-listeners">Numbers</legend>
          ${groups.map((group) => groupView(group, state.problems, actions))}
        </fieldset>
        ${otherProblems(state.problems, groups)}
        ${textView(state, actions, locked)}
        <p><button type="button" ?disabled=${locked || !state.preset} @click=${actions.reset.bind(actions)}>Reset</button></p>
        <button type="submit" class="for-listeners" tabindex="-1" aria-hidden="true"></button>
      </form>
    </details>
  `;
}

/** Enter in a field commits it first: browsers fire change before submit. */
function runOnEnter(actions: Actions): (event: Event) => void {
  return (event) => {
    event.preventDefault();
    actions.run();
  };
}

function groupView({ legend, fields }: FieldGroup, problems: readonly Problem[], actions: Actions): TemplateResult {
  return html`<fieldset>
    <legend>${legend}</legend>
    ${fields.map((field) => fieldView(field, problemsAt(field.path, problems), actions))}
  </fieldset>`;
}

function fieldView(field: Field, problems: readonly Problem[], actions: Actions): TemplateResult {
  const id = `field-${field.path}`;
  return html`<div class=${field.text.length > LONG ? 'field long' : 'field'}>
    <label for=${id}>${rich(field.label)}</label>
    ${field.choices ? choice(field, id, actions) : input(field, id, problems, actions)}
    ${field.description === '' ? nothing : html`<small id="${id}-hint">${field.description}</small>`}
    <small id="${id}-problem" class="problem" aria-live="polite">${problems.map(({ message }) => message).join('; ')}</small>
  </div>`;
}

function input({ path, text }: Field, id: string, problems: readonly Problem[], actions: Actions): TemplateResult {
  const change = ({ target }: Event) => actions.edit(path, (target as HTMLInputElement).value);
  return html`<input id=${id} .value=${text} @change=${change} autocomplete="off" spellcheck="false"
    aria-invalid=${problems.length > 0} aria-describedby="${id}-hint ${id}-problem" />`;
}

function choice({ path, text, choices }: Field, id: string, actions: Actions): TemplateResult {
  const change = ({ target }: Event) => actions.edit(path, (target as HTMLSelectElement).value);
  return html`<select id=${id} @change=${change} aria-describedby="${id}-hint ${id}-problem">
    ${choices!.map((word) => html`<option .selected=${word === text}>${word}</option>`)}
  </select>`;
}

/** Problems with a place that no field has. */
function otherProblems(problems: readonly Problem[], groups: readonly FieldGroup[]): TemplateResult {
  const shown = new Set(groups.flatMap(({ fields }) => fields.flatMap(({ path }) => problemsAt(path, problems))));
  const others = problems.filter((problem) => !shown.has(problem));
  return html`<ul id="problems" class="problem" aria-live="polite">
    ${others.map((problem) => html`<li>${describe(problem)}</li>`)}
  </ul>`;
}

function textView({ text, readable }: State, actions: Actions, locked: boolean): TemplateResult {
  const change = ({ target }: Event) => actions.type((target as HTMLTextAreaElement).value);
  return html`<details>
    <summary>Everything, as a file</summary>
    <label for="file" class="hint">The experiment file (JSON5). It can be saved and run from the command line.</label>
    <textarea id="file" rows="24" spellcheck="false" .value=${text} @input=${change} ?disabled=${locked}
      aria-invalid=${!readable} aria-describedby="problems"></textarea>
  </details>`;
}
