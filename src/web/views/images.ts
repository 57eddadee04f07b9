import { html, nothing, type TemplateResult } from 'lit';
import type { Actions } from '../session.ts';
import { lacksImages, type State } from '../store.ts';

/** Where images are needed that are not here: what to do, before Run. */
export function imagesView(state: State, actions: Actions): TemplateResult | typeof nothing {
  const { images } = state;
  if (!lacksImages(state)) return nothing;
  if (images === 'unknown') return html`<p>Looking for the images…</p>`;
  const take = ({ target }: Event) => actions.takeImages([...((target as HTMLInputElement).files ?? [])]);
  return html`<section class="banner" id="images" aria-label="Images">
    <p><label>This experiment learns from MNIST, which does not come with the page. Choose its four original files:
      <input id="image-files" type="file" multiple @change=${take} /></label></p>
    <details><summary>Which files, and what becomes of them</summary>
      <p><code>train-images-idx3-ubyte</code>, <code>train-labels-idx1-ubyte</code>, <code>t10k-images-idx3-ubyte</code> and
        <code>t10k-labels-idx1-ubyte</code>, packed by gzip or not. They are checked by their SHA-256, stay in this browser and are
        sent nowhere. In a terminal <code>npx collapse data mnist</code> brings them.</p></details>
    <p class="problem" role="status">${typeof images === 'object' ? images.problem : ''}</p>
  </section>`;
}
