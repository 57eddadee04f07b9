import { html, type nothing, type TemplateResult } from 'lit';
import type { AdapterDescription } from '../../experiment/results.ts';
import type { State } from '../store.ts';

/** What computes; a banner where it is not a GPU. */
export function deviceView({ device }: State): TemplateResult | typeof nothing {
  if (!device) return html`<p class="device">Looking for a GPU…</p>`;
  const { adapter, reason } = device;
  if (!adapter) {
    return html`<p class="device banner">${reason} The f64 reference computes instead, on one core of your processor: its
      numbers are right, but it is slow.</p>`;
  }
  const name = adapterName(adapter);
  if (!adapter.software) return html`<p class="device">Computes on your GPU: ${name}.</p>`;
  return html`<p class="device banner">Computes on a software adapter, ${name}: WebGPU on your processor. Its numbers are
    right; its speed is not that of a GPU.</p>`;
}

/** Browsers tell little: often only vendor and architecture. */
function adapterName({ description, device, vendor, architecture }: AdapterDescription): string {
  return description || device || `${vendor} ${architecture}`.trim() || 'unnamed';
}
