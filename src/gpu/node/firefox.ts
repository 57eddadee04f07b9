import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Browser } from 'puppeteer';
import type { FoundBrowser } from './browsers.ts';
import { loadPuppeteer } from './puppeteer.ts';

/** Firefox, whose WebGPU is another implementation (wgpu and naga) than Chrome's (Dawn and Tint). */

const COMMANDS: readonly string[] = ['firefox-esr', 'firefox'];

const MAC_APPLICATION = '/Applications/Firefox.app/Contents/MacOS/firefox';

/** WebGPU where it is not yet on by default, in workers too, and on software drivers, which are on the list of the blocked. */
const PREFERENCES: Readonly<Record<string, boolean>> = {
  'dom.webgpu.enabled': true,
  'dom.webgpu.workers.enabled': true,
  'gfx.webgpu.ignore-blocklist': true,
};

/** The one named by `COLLAPSE_FIREFOX`, else that of the system. Throws if there is none. */
export function findFirefox(
  environment: Readonly<Record<string, string | undefined>> = process.env,
  exists: (path: string) => boolean = existsSync,
): FoundBrowser {
  const named = environment.COLLAPSE_FIREFOX;
  if (named) {
    if (!exists(named)) throw new Error(`COLLAPSE_FIREFOX names ${named}, which does not exist.`);
    return { executable: named, source: 'environment', environment: {} };
  }
  const folders = (environment.PATH ?? '').split(delimiter).filter(Boolean);
  const paths = [...COMMANDS.flatMap((command) => folders.map((folder) => join(folder, command))), MAC_APPLICATION];
  const executable = paths.find(exists);
  if (executable) return { executable, source: 'system', environment: {} };
  throw new Error(
    'No Firefox was found: install it (on Debian the package firefox-esr) or name one with COLLAPSE_FIREFOX.',
  );
}

/** Starts a headless Firefox in which a page on http://127.0.0.1 has WebGPU. */
export async function launchFirefox(found: FoundBrowser, handleSignals: boolean): Promise<Browser> {
  const puppeteer = await loadPuppeteer();
  return puppeteer.launch({
    browser: 'firefox',
    executablePath: found.executable,
    headless: true,
    extraPrefsFirefox: { ...PREFERENCES },
    env: { ...process.env, ...found.environment },
    handleSIGINT: handleSignals,
    handleSIGTERM: handleSignals,
    handleSIGHUP: handleSignals,
    protocolTimeout: 0,
  });
}
