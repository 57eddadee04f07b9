import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'puppeteer';
import type { Backend } from '../engine/backend.ts';
import { jobKey } from '../engine/journal.ts';
import type { JsonObject } from '../experiment/experiment.ts';
import type { AdapterDescription } from '../experiment/results.ts';
import { BrowserLost, DeviceLost } from '../gpu/gpu.ts';
import { type BrowserOptions, type LaunchedBrowser, launchBrowser } from '../gpu/node/chrome.ts';
import type { TrialBatch } from '../program/trials.ts';
import type { EncodedBatch, Reply, Runner, RunnerDevice } from '../web/runner.ts';
import { CliError, Exit } from './exit.ts';
import { imagesFromDisk } from './images-file.ts';
import { packageRoot } from './package.ts';
import { servingImages } from './served-images.ts';
import { type Served, serveFolder } from './static-server.ts';
import { errorsIn } from './trials-format.ts';

export interface ChromeBackend {
  /** For `runPlan`, as any other: batches are drawn in the browser, everything else happens here. */
  readonly backend: Backend;
  /** Browser and version, for the manifest. */
  readonly driver: string;
  /** Whether it runs outside Chrome's sandbox. */
  readonly unsandboxed: boolean;
  /** Ends the browser and waits until it has ended. */
  close(): Promise<void>;
}

/** Starts a headless Chrome that draws the jobs of this file, with these images where it needs some. Throws `CliError` where there is no browser or adapter. */
export async function openChromeBackend(
  file: JsonObject,
  options: BrowserOptions = {},
  images = imagesFromDisk(),
): Promise<ChromeBackend> {
  const { page, device, driver, unsandboxed, close } = await openRunnerPage(options, servingImages(images));
  return { backend: backendOf(page, JSON.stringify(file), device, close), driver, unsandboxed, close };
}

/** A page with a runner and a device, in a headless Chrome of its own. */
export interface RunnerPage {
  readonly page: Page;
  readonly device: RunnerDevice & { readonly adapter: AdapterDescription };
  readonly driver: string;
  readonly unsandboxed: boolean;
  close(): Promise<void>;
}

/** Throws `CliError` where there is no browser or adapter. */
export async function openRunnerPage(options: BrowserOptions, served?: Served): Promise<RunnerPage> {
  const server = await serveFolder(webFolder(), undefined, served);
  let browser: Browser | null = null;
  const close = async () => {
    server.close();
    if (browser) await ended(browser);
  };
  try {
    const { browser: opened, unsandboxed } = await launched(options);
    browser = opened;
    const page = await openRunner(browser, server.url);
    const driver = await browser.version();
    const { adapter, ...device } = await ask(page, 'prepare');
    if (!adapter) throw new CliError(Exit.noDevice, `${driver} gives no WebGPU device. ${device.reason}`);
    return { page, device: { ...device, adapter }, driver, unsandboxed, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Milliseconds in which a browser ends by itself. */
const FAREWELL = 5000;

/** Asks the browser to end; one that does not hear is killed. */
async function ended(browser: Browser): Promise<void> {
  const kill = setTimeout(() => browser.process()?.kill('SIGKILL'), FAREWELL);
  await browser.close().catch(() => {});
  clearTimeout(kill);
}

function webFolder(): string {
  const folder = join(packageRoot, 'dist', 'web');
  if (existsSync(join(folder, 'runner.html'))) return folder;
  throw new CliError(Exit.noDevice, `The page for Chrome is not in ${folder}; run npm run build.`);
}

/** Ctrl-C is ours to handle: the batch under way is to be finished. */
async function launched(options: BrowserOptions): Promise<LaunchedBrowser> {
  try {
    return await launchBrowser({ handleSignals: false, ...options });
  } catch (error) {
    throw new CliError(Exit.noDevice, error instanceof Error ? error.message : String(error));
  }
}

async function openRunner(browser: Browser, url: string): Promise<Page> {
  const page = await browser.newPage();
  await page.goto(`${url}runner.html`);
  await page.waitForFunction('globalThis.collapseRunner !== undefined');
  return page;
}

function backendOf(page: Page, file: string, device: RunnerDevice, close: () => Promise<void>): Backend {
  let { rate } = device;
  return {
    precision: 'f32',
    limits: device.limits,
    target: device.target,
    adapter: device.adapter,
    rate: () => rate,
    open: async (job, most) => {
      const { source, capacity } = await ask(page, 'open', file, jobKey(job, 'f32'), most);
      return {
        capacity,
        run: async (first, count) => {
          const batch = await ask(page, 'run', source, first, count);
          rate = batch.rate;
          return decoded(batch, first, count);
        },
        close: () => quietly(page.evaluate(`collapseRunner.close(${source})`)),
      };
    },
    reopen: async () => {
      await ask(page, 'reopen');
    },
    close: () => quietly(close()),
  };
}

/** What the runner can be asked, and what it answers. */
type Question = 'prepare' | 'open' | 'run' | 'reopen' | 'bench';
type Answer<Q extends Question> = Awaited<ReturnType<Runner[Q]>> extends Reply<infer T> ? T : never;

/** Asks the runner in the page; what it throws there is thrown here, a lost device as such. */
export async function ask<Q extends Question>(
  page: Page,
  question: Q,
  ...args: Parameters<Runner[Q]>
): Promise<Answer<Q>> {
  const reply = await evaluated<Answer<Q>>(page, `collapseRunner.${question}(...${JSON.stringify(args)})`);
  if ('value' in reply) return reply.value;
  const { name, message } = reply.error;
  throw name === 'DeviceLost' ? new DeviceLost(message) : Object.assign(new Error(message), { name });
}

async function evaluated<T>(page: Page, expression: string): Promise<Reply<T>> {
  const { died, release } = deathOf(page);
  try {
    return (await Promise.race([page.evaluate(expression), died])) as Reply<T>;
  } catch (cause) {
    throw new BrowserLost(`The browser stopped working: ${cause instanceof Error ? cause.message : cause}`, { cause });
  } finally {
    release();
  }
}

/** Rejects when page or browser die: the answer they owe never comes, and no limit of time tells that from a slow batch. */
function deathOf(page: Page) {
  let release = () => {};
  const died = new Promise<never>((_, reject) => {
    const crashed = () => reject(new Error('its page crashed'));
    const closed = () => reject(new Error('its page was closed'));
    const gone = () => reject(new Error('it ended'));
    const browser = page.browser();
    page.on('error', crashed).on('close', closed);
    browser.on('disconnected', gone);
    release = () => {
      page.off('error', crashed).off('close', closed);
      browser.off('disconnected', gone);
    };
    if (!browser.connected) gone();
    else if (page.isClosed()) closed();
  });
  return { died, release: () => release() };
}

/** The browser may be gone already. */
function quietly(ending: Promise<unknown>): void {
  ending.catch(() => {});
}

function decoded({ errors, bytesPerError, statuses }: EncodedBatch, first: number, count: number): TrialBatch {
  return {
    first,
    count,
    errors: errorsIn(Buffer.from(errors, 'base64'), bytesPerError),
    statuses: Uint8Array.from(Buffer.from(statuses, 'base64')),
  };
}
