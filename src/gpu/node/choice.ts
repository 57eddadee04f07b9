/** A real GPU, a software driver installed on the system, or the SwiftShader that comes with the project. */
export type AdapterKind = 'gpu' | 'system' | 'embedded';

/** What a user may ask for with `COLLAPSE_ADAPTER`; `none` means the f64 reference on the CPU. */
export type ForcedAdapter = AdapterKind | 'none';

const ORDER: readonly AdapterKind[] = ['gpu', 'system', 'embedded'];

/** The kinds to try, best first. */
export function adapterOrder(forced: ForcedAdapter | null): readonly AdapterKind[] {
  if (forced === null) return ORDER;
  return forced === 'none' ? [] : [forced];
}

/** The first adapter present in the order of preference; null when none is, or none is allowed. */
export function chooseAdapter<T extends { readonly kind: AdapterKind; readonly adapter: object | null }>(
  found: readonly T[],
  forced: ForcedAdapter | null,
): T | null {
  for (const kind of adapterOrder(forced)) {
    const match = found.find((candidate) => candidate.kind === kind && candidate.adapter !== null);
    if (match) return match;
  }
  return null;
}

/** Reads `COLLAPSE_ADAPTER=gpu|system|embedded|none`; unset or empty leaves the choice free. */
export function forcedAdapter(environment: Readonly<Record<string, string | undefined>>): ForcedAdapter | null {
  const value = environment.COLLAPSE_ADAPTER;
  if (!value) return null;
  const allowed: readonly ForcedAdapter[] = [...ORDER, 'none'];
  const forced = allowed.find((name) => name === value);
  if (!forced) throw new Error(`COLLAPSE_ADAPTER is '${value}'; allowed are ${allowed.join(', ')}.`);
  return forced;
}
