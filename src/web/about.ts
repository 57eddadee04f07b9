/** Version and commit of the build, for results and captions. */
export const VERSION: string = import.meta.env.COLLAPSE_VERSION;
export const COMMIT: string | null = import.meta.env.COLLAPSE_COMMIT;

/** Which browser, as far as it tells: `Chrome/143.0.0.0`. Those who claim to be another come before the one they claim. */
export function browserName(userAgent: string): string {
  const names = [/Edg\/[\d.]+/, /Firefox\/[\d.]+/, /(?:Headless)?Chrome\/[\d.]+/, /Version\/[\d.]+ Safari/];
  return names.map((name) => name.exec(userAgent)?.[0]).find((found) => found !== undefined) ?? userAgent;
}
