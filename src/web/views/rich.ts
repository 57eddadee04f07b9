import { html, type TemplateResult } from 'lit';

/** Sets `10^{−3}` of labels with a superscript. */
export function rich(text: string): TemplateResult {
  const parts = text.split(/\^\{([^}]*)\}/);
  return html`${parts.map((part, i) => (i % 2 === 1 ? html`<sup>${part}</sup>` : part))}`;
}
