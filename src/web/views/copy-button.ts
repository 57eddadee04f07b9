import { html, type TemplateResult } from 'lit';

/** Milliseconds for which the button says what it did. */
const SAID = 2000;

/** Copies a text and says so; without permission it asks the visitor to copy by hand. */
export function copyButton(label: string, text: () => string): TemplateResult {
  const copy = async ({ currentTarget }: Event) => {
    const said = (currentTarget as HTMLElement).querySelector('[role=status]')!;
    try {
      await navigator.clipboard.writeText(text());
      said.textContent = ' ✓ copied';
    } catch {
      prompt('Copy this:', text());
    }
    setTimeout(() => {
      said.textContent = '';
    }, SAID);
  };
  return html`<button @click=${copy}>${label}<span role="status"></span></button>`;
}
