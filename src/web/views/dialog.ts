import { html, type TemplateResult } from 'lit';

/** Opens the dialog with this id. */
export function opener(id: string): () => void {
  return () => (document.getElementById(id) as HTMLDialogElement).showModal();
}

/** A window over the page, which Escape, its button and a click beside it close; focus goes back to where it was. */
export function dialogView(id: string, title: string, content: TemplateResult): TemplateResult {
  const close = ({ currentTarget }: Event) => (currentTarget as HTMLElement).closest('dialog')!.close();
  const beside = (event: Event) => {
    if (event.target === event.currentTarget) (event.target as HTMLDialogElement).close();
  };
  return html`<dialog id=${id} aria-labelledby="${id}-title" @click=${beside}>
    <div class="sheet">
      <div class="head"><h2 id="${id}-title">${title}</h2><button class="close" @click=${close}>Close</button></div>
      ${content}
    </div>
  </dialog>`;
}

/** For a link within a dialog: the page that it opens is what is to be read next. */
export function closeAndRead({ currentTarget }: Event): void {
  (currentTarget as HTMLElement).closest('dialog')!.close();
  document.getElementById('title')?.focus();
}
