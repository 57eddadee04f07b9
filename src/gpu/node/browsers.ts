import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { embeddedChromium } from './embedded.ts';
import { loadPuppeteer } from './puppeteer.ts';

export type BrowserSource = 'environment' | 'puppeteer' | 'system' | 'embedded';

/** A Chrome or Chromium on this machine. */
export interface FoundBrowser {
  readonly executable: string;
  readonly source: BrowserSource;
  /** Known without starting it only for the embedded one. */
  readonly version?: string;
  /** What its process needs beside the usual environment. */
  readonly environment: Readonly<Record<string, string>>;
}

/** What the search looks at, so that tests can describe a machine of their own. */
export interface BrowserMachine {
  readonly platform: NodeJS.Platform;
  readonly environment: Readonly<Record<string, string | undefined>>;
  exists(path: string): boolean;
  /** Where Puppeteer would have put its own download. */
  puppeteerPath(): string;
  embedded(): ReturnType<typeof embeddedChromium>;
}

const NAMED_BY: readonly string[] = ['COLLAPSE_CHROME', 'PUPPETEER_EXECUTABLE_PATH'];

const COMMANDS: readonly string[] = ['google-chrome', 'google-chrome-stable', 'chromium', 'chromium-browser'];

const MAC_APPLICATIONS: readonly string[] = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

const WINDOWS_ROOTS: readonly string[] = ['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA'];

/** The first browser of `browsers`. Throws if the machine has none. */
export async function findBrowser(machine?: BrowserMachine): Promise<FoundBrowser> {
  for await (const browser of browsers(machine)) return browser;
  throw new Error('No Chrome or Chromium was found.');
}

/**
 * The browsers of the machine, best first: the one named by `COLLAPSE_CHROME` or `PUPPETEER_EXECUTABLE_PATH` and then no
 * other; Puppeteer's download; the system's; the one in the npm package, unpacked when the consumer comes to it. The last
 * throws where it cannot be had, with the reason.
 */
export async function* browsers(described?: BrowserMachine): AsyncGenerator<FoundBrowser, void> {
  const machine = described ?? (await thisMachine());
  const named = namedBrowser(machine);
  if (named) {
    yield named;
    return;
  }
  const puppeteerPath = machine.puppeteerPath();
  if (machine.exists(puppeteerPath)) yield { executable: puppeteerPath, source: 'puppeteer', environment: {} };
  for (const executable of systemPaths(machine).filter((path) => machine.exists(path))) {
    yield { executable, source: 'system', environment: {} };
  }
  yield { ...(await embeddedOrAdvice(machine)), source: 'embedded' };
}

/** A browser named by the user is taken or refused, never silently replaced. */
function namedBrowser(machine: BrowserMachine): FoundBrowser | null {
  for (const variable of NAMED_BY) {
    const executable = machine.environment[variable];
    if (!executable) continue;
    if (!machine.exists(executable)) throw new Error(`${variable} names ${executable}, which does not exist.`);
    return { executable, source: 'environment', environment: {} };
  }
  return null;
}

function systemPaths({ platform, environment }: BrowserMachine): readonly string[] {
  if (platform === 'darwin') return MAC_APPLICATIONS;
  if (platform === 'win32') {
    const roots = WINDOWS_ROOTS.flatMap((name) => environment[name] ?? []);
    return roots.map((root) => join(root, 'Google', 'Chrome', 'Application', 'chrome.exe'));
  }
  const folders = (environment.PATH ?? '').split(delimiter).filter(Boolean);
  return COMMANDS.flatMap((command) => folders.map((folder) => join(folder, command)));
}

async function embeddedOrAdvice(machine: BrowserMachine): ReturnType<typeof embeddedChromium> {
  try {
    return await machine.embedded();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`No browser: install Chrome or name one with COLLAPSE_CHROME. ${reason}`, { cause });
  }
}

async function thisMachine(): Promise<BrowserMachine> {
  const puppeteer = await loadPuppeteer();
  return {
    platform: process.platform,
    environment: process.env,
    exists: existsSync,
    puppeteerPath: () => puppeteer.executablePath(),
    embedded: embeddedChromium,
  };
}
