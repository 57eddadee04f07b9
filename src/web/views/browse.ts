import { html, type TemplateResult } from 'lit';
import { matching, type Paper, papersOf, subjectOf } from '../groups.ts';
import { type Preset, presets } from '../presets.ts';
import { prose } from '../prose.ts';
import type { State } from '../store.ts';
import { closeAndRead, dialogView } from './dialog.ts';

const papers = papersOf(presets);

/** All experiments by paper and question, and a search among them. */
export function browseDialog({ preset }: State): TemplateResult {
  return dialogView(
    'browse',
    'Experiments',
    html`
      <label class="search">Search <input id="search" type="search" autocomplete="off" @input=${search} /></label>
      <p role="status" class="found"></p>
      <div class="papers">${papers.map((paper) => paperView(paper, preset))}</div>
    `,
  );
}

function paperView({ title, arxiv, questions }: Paper, chosen: Preset | null): TemplateResult {
  return html`<section class="paper">
    <h3>${title}${arxiv === null ? '' : html` <small>arXiv:${arxiv}</small>`}</h3>
    ${questions.map(
      ({ question, presets }) => html`<div class="question">
        <h4>${question}</h4>
        <ul>${presets.map((one) => entryView(one, title, chosen))}</ul>
      </div>`,
    )}
  </section>`;
}

function entryView(preset: Preset, paper: string, chosen: Preset | null): TemplateResult {
  const { name, title } = preset;
  const short = title.startsWith(`${paper}, `) ? title.slice(paper.length + 2) : title;
  const about = subjectOf(preset);
  return html`<li data-name=${name}>
    <a href="#preset=${name}" aria-current=${chosen?.name === name ? 'page' : 'false'} @click=${closeAndRead}><span>${short}</span>${about !== '' && short !== title ? html`<small>${prose(about)}</small>` : ''}</a>
  </li>`;
}

/** Leaves what matches. */
function search({ currentTarget }: Event): void {
  const input = currentTarget as HTMLInputElement;
  const dialog = input.closest('dialog')!;
  const names = new Set(matching(presets, input.value).map(({ name }) => name));
  for (const entry of dialog.querySelectorAll<HTMLElement>('[data-name]'))
    entry.hidden = !names.has(entry.dataset.name!);
  for (const group of dialog.querySelectorAll<HTMLElement>('.question, .paper'))
    group.hidden = group.querySelector('[data-name]:not([hidden])') === null;
  dialog.querySelector('.found')!.textContent =
    input.value.trim() === '' ? '' : names.size === 1 ? '1 experiment' : `${names.size} experiments`;
}
