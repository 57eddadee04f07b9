import { html, nothing, type TemplateResult } from 'lit';
import { type ChoiceName, costOf, type JudgedRidge, type RidgeReport } from '../../engine/ridge-report.ts';
import type { Panel } from '../../experiment/experiment.ts';
import { labelOf, shortNumber } from '../../report/labels.ts';
import { commandOf } from '../files.ts';
import { ridgeTicks } from '../ridges.ts';
import type { State } from '../store.ts';
import { rich } from './rich.ts';

/** The best ridge of every setting of a panel, and what other choices cost. */
export function ridgesView({ ridges, link }: State, panel: Panel): TemplateResult | typeof nothing {
  const reports = ridges?.reports?.filter((report) => report.panel === panel.name) ?? [];
  const [first] = reports;
  if (!first) return nothing;
  const paths = Object.keys(first.at);
  const names = first.choices.map(({ choice }) => choice);
  return html`<div class="ridges">
    <div class="scroll" tabindex="0" role="region" aria-label="Best ridge, panel ${panel.name}">
      <table>
        <caption>Best ridge λ, and what it costs in test error to choose another</caption>
        <thead><tr>
          ${paths.map((path) => html`<th scope="col">${rich(labelOf(path).symbol)}</th>`)}
          ${names.map((name) => html`<th scope="col">${swatch(name)}${HEADS[name]}</th>`)}
        </tr></thead>
        <tbody>${reports.map((report) => row(paths, report))}</tbody>
      </table>
    </div>
    <p class="hint">${rich(legend(panel, reports))} In a terminal: <code>${commandOf(link, 'optimal-ridge')}</code></p>
  </div>`;
}

const HEADS: Readonly<Record<ChoiceName, string>> = {
  theory: 'by theory',
  simulation: 'by simulation',
  rule: 'by the paper’s rule',
  clean: 'as if data were clean',
};

/** The tick of this choice in the figure. */
function swatch(name: ChoiceName): TemplateResult | typeof nothing {
  return name === 'clean' ? nothing : html`<span class="tick ${name}" aria-hidden="true"></span>`;
}

function row(paths: readonly string[], { at, choices }: RidgeReport): TemplateResult {
  return html`<tr>
    ${paths.map((path) => html`<th scope="row">${rich(shortNumber(at[path] ?? Number.NaN))}</th>`)}
    ${choices.map((judged) => html`<td title=${judged.remark ?? ''}>${field(judged)}</td>`)}
  </tr>`;
}

function field(judged: JudgedRidge): TemplateResult {
  const { choice, ridge, interval } = judged;
  if (ridge === null) return html`–`;
  const value = ridge === Number.POSITIVE_INFINITY ? html`∞` : rich(digits(ridge));
  const range = interval
    ? html`<small>${rich(digits(interval.low))} … ${rich(digits(interval.high))}</small>`
    : choice === 'simulation' && judged.remark
      ? html`<small>not bracketed</small>`
      : nothing;
  return html`<span>${value}</span>${choice === 'rule' || choice === 'clean' ? html`<small>${cost(judged)}</small>` : range}`;
}

const digits = (value: number) => shortNumber(Number(value.toPrecision(3)));

function cost(judged: JudgedRidge): string {
  const share = costOf(judged);
  if (share === null) return '';
  return share < 5e-5 ? '+0 %' : `+${Number((100 * share).toPrecision(share < 0.1 ? 2 : 3))} %`;
}

/** What small print means, and why a rule has nothing to say. */
function legend(panel: Panel, reports: readonly RidgeReport[]): string {
  const why = reports.flatMap(({ choices }) => choices).find(({ choice, remark }) => choice === 'rule' && remark);
  const trials = Math.min(...reports.map((report) => report.trials ?? Number.POSITIVE_INFINITY));
  return [
    ...(Number.isFinite(trials) ? [`All ridges are simulated on the same ${trials} trials.`] : []),
    'Small print: 95 % intervals, and how far the test error is above the least.',
    ...(ridgeTicks(panel, reports).length > 0 ? ['Ticks mark the choices on the curves.'] : []),
    why ? `No rule: ${why.remark}.` : 'The rule is a law of order, T^{−ℓ} with constant 1.',
  ].join(' ');
}
