/** A tenth of the full size in ordinary test runs; all of it under COLLAPSE_FUZZ=full, which `npm run fuzz` sets. */
export const fuzzCount = (full: number): number =>
  process.env['COLLAPSE_FUZZ'] === 'full' ? full : Math.max(1, Math.round(full / 10));
