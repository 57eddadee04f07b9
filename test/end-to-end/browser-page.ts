import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'puppeteer';
import { afterAll, beforeAll } from 'vitest';
import { type StaticServer, serveFolder } from '../../src/cli/static-server.ts';
import { launchBrowser } from '../../src/gpu/node/chrome.ts';

/** The built page in a browser on the software adapter, for the tests of one file. */
export interface PageTest {
  readonly url: string;
  readonly browser: Browser;
  /** Where downloads go. */
  readonly downloads: string;
  /** Everything the page or a request complained about. */
  readonly complaints: string[];
  /** A fresh page at this hash, once its first figure or problem is there. */
  open(hash: string): Promise<Page>;
}

/** At any host but this machine's own the page is not secure, and browsers keep WebGPU from it. */
export function usePage(host = '127.0.0.1'): PageTest {
  const test = { complaints: [] as string[], open } as { -readonly [K in keyof PageTest]: PageTest[K] };
  let server: StaticServer;
  beforeAll(async () => {
    server = await serveFolder('dist/web', [host]);
    test.url = server.url.replace('127.0.0.1', host);
    test.downloads = mkdtempSync(join(tmpdir(), 'collapse-lab-downloads-'));
    ({ browser: test.browser } = await launchBrowser({
      software: true,
      flags: [`--host-resolver-rules=MAP ${host} 127.0.0.1`],
    }));
  });
  afterAll(async () => {
    await test.browser?.close();
    server?.close();
    rmSync(test.downloads, { recursive: true, force: true });
  });
  return test;

  async function open(hash: string): Promise<Page> {
    const page = await test.browser.newPage();
    await page.setViewport({ width: 1280, height: 900 });
    page.on('console', (message) => {
      if (message.type() === 'error') test.complaints.push(message.text());
    });
    page.on('pageerror', (error) => test.complaints.push(String(error)));
    page.on('requestfailed', (request) => test.complaints.push(`${request.url()} failed`));
    const session = await page.createCDPSession();
    await session.send('Browser.setDownloadBehavior', { behavior: 'allow', downloadPath: test.downloads });
    await page.goto(`${test.url}${hash}`);
    await page.waitForSelector('figure svg, #lost, #images');
    return page;
  }
}

/** Clicks a button and waits for the file it saves. */
export async function saved(page: Page, selector: string, folder: string, name: string): Promise<string> {
  await page.click(selector);
  for (let attempt = 0; attempt < 100; attempt++) {
    const text = await readFileWhenThere(join(folder, name));
    if (text !== null) return text;
  }
  throw new Error(`${name} was not saved.`);
}

async function readFileWhenThere(path: string): Promise<string | null> {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    await new Promise((resolve) => setTimeout(resolve, 100));
    return null;
  }
}

export const textOf = (page: Page, selector: string): Promise<string> =>
  page.$eval(selector, (element) => element.textContent ?? '');

/** Types into a field and leaves it, which is when the page reads it. */
export async function setField(page: Page, path: string, text: string): Promise<void> {
  const field = (await page.$(`[id="field-${path}"]`))!;
  await field.click({ count: 3 });
  await field.type(text);
  await page.keyboard.press('Tab');
}

export async function untilProgressSays(page: Page, pattern: string, timeout = 120_000): Promise<void> {
  const says = (wanted: string) => new RegExp(wanted).test(document.querySelector('#progress-text')?.textContent ?? '');
  await page.waitForFunction(says, { timeout }, pattern);
}
