import { html, type TemplateResult } from 'lit';

/** Sets `10^{−3}` of labels with a superscript and `δ_{Δ}` with a subscript. */
export function rich(text: string): TemplateResult {
  const parts = text.split(/([\^_]\{[^}]*\})/);
  return html`${parts.map((part, i) => (i % 2 === 1 ? shifted(part) : part))}`;
}

function shifted(part: string): TemplateResult {
  const inner = part.slice(2, -1);
  return part.startsWith('^') ? html`<sup>${inner}</sup>` : html`<sub>${inner}</sub>`;
}
