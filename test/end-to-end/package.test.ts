import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import type { Browser } from 'puppeteer';
import { build } from 'vite';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launchBrowser } from '../../src/gpu/node/chrome.ts';

/*
 * Plan: the package as somebody else installs it, in an empty folder, without scripts, downloads or a network.
 * - it is under 20 MB, brings no other package, and its types are sound without any
 * - the command runs; what needs a package that is not there says which, and how to have it
 * - the library runs in Node, in a page that Vite has bundled, and in one without a bundler: the examples do what they say
 * - what it draws is what the command draws
 */

const root = join(import.meta.dirname, '../..');
const home = mkdtempSync(join(tmpdir(), 'collapse-package-'));
const installed = join(home, 'node_modules', 'collapse-lab');
let browser: Browser;

beforeAll(async () => {
  execFileSync('node', ['build/types.mjs'], { cwd: root });
  const packed = execFileSync('npm', ['pack', '--ignore-scripts', '--pack-destination', home], {
    cwd: root,
    encoding: 'utf8',
  });
  writeFileSync(join(home, 'package.json'), '{ "private": true, "type": "module" }');
  const tarball = join(home, packed.trim().split('\n').at(-1)!);
  execFileSync('npm', ['install', '--offline', '--ignore-scripts', '--no-audit', '--no-fund', tarball], { cwd: home });
  rmSync(tarball);
  cpSync(join(root, 'examples'), home, { recursive: true });
  ({ browser } = await launchBrowser({ software: true }));
});

afterAll(async () => {
  await browser?.close();
  rmSync(home, { recursive: true, force: true });
});

const collapse = (...args: readonly string[]) =>
  spawnSync('node', [join(home, 'node_modules', '.bin', 'collapse'), ...args], { cwd: home, encoding: 'utf8' });

const sizeOf = (path: string): number =>
  readdirSync(path, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);

it('is small and brings nothing else', () => {
  expect(readdirSync(join(home, 'node_modules')).filter((name) => !name.startsWith('.'))).toEqual(['collapse-lab']);
  expect(sizeOf(installed)).toBeLessThan(20e6);
  expect(readFileSync(join(installed, 'dist/cli/.vite/license.md'), 'utf8')).toContain('typegpu');
});

it('has the command', () => {
  expect(collapse('--version').stdout.trim()).toBe(
    JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version,
  );
  expect(collapse('theory', 'smoke').stdout).toContain('Prop 4.5');
  const run = collapse('run', 'smoke', '--trials', '30', '--out', 'smoke', '--trials-file');
  expect([run.status, run.stderr], run.stderr).toEqual([
    0,
    expect.stringMatching(/npm install (webgpu|@sparticuz\/chromium)/),
  ]);
  expect(readdirSync(join(home, 'smoke')).sort()).toEqual([
    'journal.trials',
    'main.svg',
    'results.json',
    'table.csv',
    'trials.parquet',
  ]);
  const pdf = collapse('draw', 'smoke', '--pdf', '--out', 'drawn');
  expect([pdf.status, pdf.stderr]).toEqual([3, expect.stringContaining('npm install pdfkit')]);
  const chrome = collapse('run', 'smoke', '--backend', 'chrome');
  expect([chrome.status, chrome.stderr]).toEqual([3, expect.stringContaining('npm install puppeteer')]);
});

it('is a library in Node', () => {
  const said = execFileSync('node', ['script.mjs'], { cwd: home, encoding: 'utf8' });
  expect(said.match(/: as theory says/g)).toHaveLength(2);
  expect(readFileSync(join(home, 'noise-40-percent.svg'), 'utf8')).toMatch(/^<svg /);
  writeFileSync(
    join(home, 'same.mjs'),
    `import { run } from 'collapse-lab'; import { loadExperiment, readResults } from 'collapse-lab/node';
     const { results } = await run(await loadExperiment('smoke', { trials: 30 }));
     const same = JSON.stringify(results.panels) === JSON.stringify(readResults('smoke').panels);
     console.log(same ? 'the same' : 'another');`,
  );
  expect(execFileSync('node', ['same.mjs'], { cwd: home, encoding: 'utf8' }).trim()).toBe('the same');
});

it('is read by Python', ({ skip }) => {
  if (spawnSync('python3', ['--version']).error) skip('no python3 here');
  const said = execFileSync('python3', ['read_results.py', 'smoke'], { cwd: home, encoding: 'utf8' });
  expect(said).toMatch(/^collapse-lab .*reference.*\n0 0\.\d+ ± .* theory 0\.005107/);
});

it('has types that need no others', () => {
  writeFileSync(
    join(home, 'typed.ts'),
    `import { parseExperiment, plan, run, type Results } from 'collapse-lab';
     import { openDevice } from 'collapse-lab/node';
     const device = await openDevice();
     const sampler: string = plan(parseExperiment('{}'), device)[0]!.sampler;
     const results: Results = (await run(parseExperiment({}), { device, targetSem: 0.01 })).results;
     // @ts-expect-error a mean is a number or null
     export const wrong: string = results.panels[0]!.cells[0]!.mean;
     export { sampler };`,
  );
  const flags = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2023', '--lib', 'es2023,dom'];
  const tsc = spawnSync('node', [join(root, 'node_modules/typescript/bin/tsc'), ...flags, 'typed.ts'], {
    cwd: home,
    encoding: 'utf8',
  });
  expect(tsc.stdout).toBe('');
});

async function served<T>(folder: string, act: (url: string) => Promise<T>): Promise<T> {
  const types: Record<string, string> = { '.html': 'text/html', '.js': 'text/javascript' };
  const server: Server = createServer(({ url }, response) => {
    try {
      const text = readFileSync(join(folder, url!));
      response.setHeader('content-type', types[extname(url!)] ?? 'text/plain').end(text);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    return await act(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

/** The text in `selector` once there is a figure. */
async function drawnAt(url: string, selector: string): Promise<string> {
  const page = await browser.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  await page.goto(url);
  await page.waitForSelector('svg', { timeout: 60_000 }).catch((error) => {
    throw new Error(complaints.join('\n') || String(error));
  });
  const text = await page.$eval(selector, (element) => element.textContent);
  await page.close();
  return text ?? '';
}

it('is bundled by Vite', async () => {
  const out = join(home, 'bundle');
  mkdirSync(out);
  await build({
    root: join(home, 'page'),
    base: './',
    logLevel: 'error',
    configFile: false,
    build: { outDir: out, target: 'es2023' },
  });
  await served(out, async (url) => expect(await drawnAt(`${url}/index.html`, '#text')).toMatch(/^5 cells on Chrome/));
});

it('needs no bundler', async () => {
  await served(home, async (url) =>
    expect(await drawnAt(`${url}/notebook.html`, '#table')).toMatch(/^(.*agrees\n?){10}$/),
  );
});
