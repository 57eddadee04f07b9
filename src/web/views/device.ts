import { html, type TemplateResult } from 'lit';
import type { AdapterDescription } from '../../experiment/results.ts';
import { COMMIT, VERSION } from '../about.ts';
import type { State } from '../store.ts';

/** What computes, and what to expect of it. */
export function deviceView({ device }: State): TemplateResult {
  const version = `collapse-lab ${VERSION}${COMMIT === null ? '' : ` (${COMMIT.slice(0, 7)})`}`;
  if (!device) return html`<p class="device">Looking for a GPU… ${version}.</p>`;
  const { adapter, reason } = device;
  if (!adapter) {
    return html`<p class="device banner">${reason} The f64 reference computes instead, on one core of your processor: its
      numbers are right, but it is slow. ${version}.</p>`;
  }
  const name = adapterName(adapter);
  if (!adapter.software) return html`<p class="device">Computes on your GPU: ${name}. ${version}.</p>`;
  return html`<p class="device">Computes on a software adapter, ${name}: WebGPU on your processor. Its numbers are right; its
    speed is not that of a GPU. ${version}.</p>`;
}

/** Browsers tell little: often only vendor and architecture. */
function adapterName({ description, device, vendor, architecture }: AdapterDescription): string {
  return description || device || `${vendor} ${architecture}`.trim() || 'unnamed';
}
