import type { Browser } from 'puppeteer';
import { browsers, type FoundBrowser } from './browsers.ts';
import { findFirefox, launchFirefox } from './firefox.ts';
import { loadPuppeteer } from './puppeteer.ts';

export { type BrowserSource, type FoundBrowser, findBrowser } from './browsers.ts';

export interface BrowserOptions {
  /** Default Chrome, to which the other options but `handleSignals` apply. */
  readonly browser?: 'chrome' | 'firefox';
  /** True refuses a real GPU; otherwise Chrome takes one if it can and SwiftShader if not. */
  readonly software?: boolean;
  /** More Chrome flags, e.g. `--enable-webgpu-developer-features` for exact timestamps. */
  readonly flags?: readonly string[];
  /** False leaves Ctrl-C and the like to the caller, who then closes the browser. Default true: the browser is killed. */
  readonly handleSignals?: boolean;
}

/** A running browser, and which it is. */
export interface LaunchedBrowser {
  readonly browser: Browser;
  readonly found: FoundBrowser;
  /** Whether it runs outside Chrome's sandbox. */
  readonly unsandboxed: boolean;
}

/** No first-run pages and no traffic but ours. */
const QUIET_FLAGS: readonly string[] = [
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-quic',
];

/** Chrome ends a GPU process that is silent for seconds, as one is that compiles or computes in software on a busy machine. */
const PATIENCE = '--disable-gpu-watchdog';

/**
 * On Linux WebGPU needs Vulkan, which headless Chrome does not start by itself (gpuweb/gpuweb#5022); without a GPU the
 * same flags end at SwiftShader.
 */
const LINUX_FLAGS: readonly string[] = [
  '--use-angle=vulkan',
  '--enable-features=Vulkan,VulkanFromANGLE,DefaultANGLEVulkan',
  '--disable-vulkan-surface',
];

/**
 * Starts a headless Chrome in which a page on http://127.0.0.1 has WebGPU. A browser that fails to start gives way to the
 * next of the machine. `COLLAPSE_CHROME_FLAGS` in the environment adds flags, separated by spaces.
 */
export async function launchBrowser(options: BrowserOptions = {}): Promise<LaunchedBrowser> {
  if (options.browser === 'firefox') {
    const found = findFirefox();
    return { browser: await launchFirefox(found, options.handleSignals ?? true), found, unsandboxed: false };
  }
  const failures: string[] = [];
  for await (const found of browsers()) {
    try {
      return { ...(await launchOutsideSandboxIfNeeded(found, options)), found };
    } catch (error) {
      failures.push(`${found.executable}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  throw new Error(`No browser could be started.\n${failures.join('\n')}`);
}

/** The flags Chrome is started with, in order. */
export function browserFlags(
  { software = false, flags = [] }: BrowserOptions,
  platform: NodeJS.Platform,
  added: string | undefined,
): readonly string[] {
  return [
    ...QUIET_FLAGS,
    '--enable-unsafe-webgpu',
    PATIENCE,
    ...(software ? ['--use-webgpu-adapter=swiftshader'] : platform === 'linux' ? LINUX_FLAGS : []),
    ...flags,
    ...(added?.split(/\s+/).filter(Boolean) ?? []),
  ];
}

/** Root cannot use Chrome's sandbox, nor can users in many containers; only our own pages are opened, so do without. */
async function launchOutsideSandboxIfNeeded(
  found: FoundBrowser,
  options: BrowserOptions,
): Promise<Omit<LaunchedBrowser, 'found'>> {
  const outside = async () => ({ browser: await launch(found, options, ['--no-sandbox']), unsandboxed: true });
  if (process.getuid?.() === 0) return outside();
  try {
    return { browser: await launch(found, options, []), unsandboxed: false };
  } catch (error) {
    if (!/sandbox/i.test(String(error))) throw error;
    return outside();
  }
}

async function launch(found: FoundBrowser, options: BrowserOptions, sandbox: readonly string[]): Promise<Browser> {
  const puppeteer = await loadPuppeteer();
  const signals = options.handleSignals ?? true;
  return puppeteer.launch({
    executablePath: found.executable,
    // The embedded one is Chrome's headless shell, which has only that mode.
    headless: found.source === 'embedded' ? 'shell' : true,
    args: [...sandbox, ...browserFlags(options, process.platform, process.env.COLLAPSE_CHROME_FLAGS)],
    env: { ...process.env, ...found.environment },
    handleSIGINT: signals,
    handleSIGTERM: signals,
    handleSIGHUP: signals,
    // A browser whose pipe is closed ends, so none outlives this process, whatever ended it.
    pipe: true,
    // A batch on a software adapter may take minutes, in which the page does not answer.
    protocolTimeout: 0,
  });
}
