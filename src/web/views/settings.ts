import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { describe, type Problem } from '../../experiment/problem.ts';
import { labelOf } from '../../report/labels.ts';
import { type Field, type FieldGroup, fieldGroups, numberAt, problemsAt } from '../fields.ts';
import { prose } from '../prose.ts';
import type { Actions } from '../session.ts';
import { sliderOf } from '../slider.ts';
import type { State } from '../store.ts';
import { sentence } from '../words.ts';
import { rich } from './rich.ts';

/** Characters that fit beside a label. */
const LONG = 11;

/** The numbers of the experiment as a form, and its whole file as text. An edit ends a run under way. */
export function settingsView(state: State, actions: Actions): TemplateResult | typeof nothing {
  if (state.lost.length > 0) return nothing;
  const groups = fieldGroups(state.file);
  return html`
    <aside class="settings" aria-labelledby="settings-title">
      <h2 id="settings-title">Settings</h2>
      <p class="hint">A number may also be a list, <code>1, 3, 10</code>, or a range, <code>{ logspace: [-3, 1, 10] }</code>.</p>
      <form @submit=${runOnEnter(actions)}>
        ${groups.map((group) => groupView(group, state, actions))}
        ${otherProblems(state.problems, groups)}
        ${textView(state, actions)}
        <p><button type="button" id="reset" aria-disabled=${!state.preset} @click=${actions.reset.bind(actions)}>Reset</button></p>
        <button type="submit" class="for-listeners" tabindex="-1" aria-hidden="true"></button>
      </form>
    </aside>
  `;
}

/** Enter in a field commits it first: browsers fire change before submit. */
function runOnEnter(actions: Actions): (event: Event) => void {
  return (event) => {
    event.preventDefault();
    actions.run();
  };
}

function groupView({ legend, fields }: FieldGroup, state: State, actions: Actions): TemplateResult {
  return html`<fieldset ?disabled=${!state.readable}>
    <legend>${legend}</legend>
    ${fields.map((field) => fieldView(field, state, actions))}
  </fieldset>`;
}

function fieldView(field: Field, state: State, actions: Actions): TemplateResult {
  const id = `field-${field.path}`;
  const problems = problemsAt(field.path, state.problems);
  return html`<div class=${field.text.length > LONG ? 'field long' : 'field'}>
    <label for=${id}>${rich(field.label)}</label>
    ${field.choices ? choice(field, id, actions) : input(field, id, problems, actions)}
    ${slider(field, state, actions)}
    ${field.description === '' ? nothing : html`<small id="${id}-hint" class="describes">${prose(sentence(field.description))}</small>`}
    <small id="${id}-problem" class="problem" aria-live="polite">${problems.map(({ message }) => sentence(message)).join(' ')}</small>
  </div>`;
}

function input({ path, text }: Field, id: string, problems: readonly Problem[], actions: Actions): TemplateResult {
  const change = ({ target }: Event) => actions.edit(path, (target as HTMLInputElement).value);
  return html`<input id=${id} .value=${text} @change=${change} autocomplete="off" spellcheck="false"
    aria-invalid=${problems.length > 0} aria-describedby="${id}-hint ${id}-problem" />`;
}

/** Not of the seed, which has no more and no less. */
const UNORDERED = /(^|\.)seed$/;

function slider(
  { path, number, numbers, label }: Field,
  { preset }: State,
  actions: Actions,
): TemplateResult | typeof nothing {
  if (number === null || numbers === null || UNORDERED.test(path)) return nothing;
  const found = sliderOf((preset ? numberAt(preset.file, path) : null) ?? number, numbers);
  if (!found) return nothing;
  const edit =
    (passing: boolean) =>
    ({ target }: Event) =>
      actions.edit(path, String(found.valueAt(Number((target as HTMLInputElement).value))), passing);
  return html`<input type="range" class="slider" min="0" max=${found.steps} step="1" .value=${String(found.positionOf(number))}
    @input=${edit(true)} @change=${edit(false)} aria-label="${label.replace(/[\^_]\{([^}]*)\}/g, '$1')}, slider"
    aria-valuetext=${String(number)} />`;
}

function choice({ path, text, choices }: Field, id: string, actions: Actions): TemplateResult {
  const change = ({ target }: Event) => actions.edit(path, (target as HTMLSelectElement).value);
  return html`<select id=${id} @change=${change} aria-describedby="${id}-hint ${id}-problem">
    ${choices!.map((word) => html`<option value=${word} .selected=${live(word === text)}>${optionLabel(word)}</option>`)}
  </select>`;
}

/** A number by its name, other words as they are. */
const optionLabel = (word: string): string => labelOf(word).name.replace(/[\^_]\{([^}]*)\}/g, '$1');

/** Problems with a place that no field has. */
function otherProblems(problems: readonly Problem[], groups: readonly FieldGroup[]): TemplateResult {
  const shown = new Set(groups.flatMap(({ fields }) => fields.flatMap(({ path }) => problemsAt(path, problems))));
  const others = problems.filter((problem) => !shown.has(problem));
  return html`<ul id="problems" class="problem" aria-live="polite">
    ${others.map((problem) => html`<li>${sentence(describe(problem))}</li>`)}
  </ul>`;
}

function textView({ text, readable }: State, actions: Actions): TemplateResult {
  const change = ({ target }: Event) => actions.type((target as HTMLTextAreaElement).value);
  return html`<details>
    <summary>Everything, as a file</summary>
    <label for="file" class="hint">The experiment file (JSON5). It can be saved and run from the command line.</label>
    <textarea id="file" rows="24" spellcheck="false" .value=${text} @input=${change} @change=${actions.settle.bind(actions)}
      aria-invalid=${!readable} aria-describedby="problems"></textarea>
  </details>`;
}
