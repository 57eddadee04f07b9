import { html, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { Summary } from '../saved.ts';
import type { Actions } from '../session.ts';
import type { State } from '../store.ts';
import { closeAndRead, dialogView } from './dialog.ts';

/** The runs that this browser keeps: to open, to lay beside what is shown, to forget. */
export function historyDialog({ history }: State, actions: Actions): TemplateResult {
  return dialogView('history', 'Earlier runs', content(history, actions));
}

function content(history: State['history'], actions: Actions): TemplateResult {
  if (history === null)
    return html`<p>This browser keeps nothing of this page, as in a private window: results end with the visit.</p>`;
  if (history.length === 0) return html`<p>Finished runs are kept in this browser and listed here.</p>`;
  return html`<ul class="runs">${repeat(
    history,
    ({ key }) => key,
    (run) => entryView(run, actions),
  )}</ul>`;
}

function entryView({ key, when, title, link, extent }: Summary, actions: Actions): TemplateResult {
  const time = new Date(when).toLocaleString();
  const compare = (event: Event) => {
    actions.compare(key);
    closeAndRead(event);
  };
  const forget = ({ currentTarget }: Event) => {
    actions.forget(key);
    (currentTarget as HTMLElement).closest('dialog')!.querySelector<HTMLElement>('.close')!.focus();
  };
  return html`<li>
    <div><a href="#${link}" @click=${closeAndRead}>${title}</a><small class="facts">${time} · ${extent}${changesOf(link)}</small></div>
    <button @click=${compare} aria-label="Compare ${title}, ${time}">Compare</button>
    <button @click=${forget} aria-label="Delete ${title}, ${time}">Delete</button>
  </li>`;
}

/** What the link of a preset changes of it. */
function changesOf(link: string): string {
  const [first, ...changes] = link.split('&');
  if (!first?.startsWith('preset=')) return ' · a file';
  return changes.map((change) => ` · ${decodeURIComponent(change)}`).join('');
}
