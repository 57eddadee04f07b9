import { html, nothing, type TemplateResult } from 'lit';
import { csvOf } from '../../report/csv.ts';
import { resultsJson } from '../../report/results-json.ts';
import { commandOf, download } from '../files.ts';
import { printFile } from '../print.ts';
import type { State } from '../store.ts';
import { copyButton } from './copy-button.ts';

/** What there is to take away: results at the end of a run, also of one that was stopped; the experiment always. */
export function saveView({ run, link, experiment }: State): TemplateResult | typeof nothing {
  if (!experiment) return nothing;
  const results = run?.results;
  const save = (name: string, type: string, text: () => string) => () => download(name, type, text());
  const needed = (act: () => void) => () => {
    if (results) act();
  };
  const json = save('results.json', 'application/json', () => resultsJson(results!));
  const table = save('table.csv', 'text/csv', () => csvOf(results!.panels));
  const name = `${experiment.name}.json5`;
  return html`<section aria-label="Save" class="save">
    <div class="buttons">
      <button id="save-results" aria-disabled=${!results} @click=${needed(json)}>results.json</button>
      <button id="save-table" aria-disabled=${!results} @click=${needed(table)}>table.csv</button>
      <button id="save-file" @click=${save(name, 'application/json5', () => `${printFile(experiment.file)}\n`)}>${name}</button>
      <button id="print" @click=${() => print()}>Print or PDF</button>
      ${copyButton('Copy link', () => location.href)}
      ${link === '' ? nothing : copyButton('Copy command', () => commandOf(link))}
    </div>
    ${link === '' ? nothing : html`<p class="hint">The same in a terminal: <code id="command">${commandOf(link)}</code></p>`}
  </section>`;
}
