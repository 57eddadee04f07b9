/**
 * What the platform code decides, without any GPU or browser.
 *
 * 1. Software adapters are told from real ones over a table of identities as drivers report them.
 * 2. The choice of an adapter: best first, a forced kind or nothing, never a substitute for a forced one.
 * 3. The search for a browser on made-up machines: order, a named browser that is taken or refused, advice when there is none.
 * 4. Chrome's flags: software excludes the GPU set, and the user's flags come last.
 * 5. A cached folder is filled once, also by two at once, and a failure leaves nothing behind.
 */
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { isSoftware } from '../../src/gpu/describe.ts';
import { type BrowserMachine, browsers, findBrowser } from '../../src/gpu/node/browsers.ts';
import { cachedFolder } from '../../src/gpu/node/cache.ts';
import { type AdapterKind, adapterOrder, chooseAdapter, forcedAdapter } from '../../src/gpu/node/choice.ts';
import { browserFlags } from '../../src/gpu/node/chrome.ts';

describe('software adapters', () => {
  test.each([
    ['google', 'swiftshader', 'SwiftShader driver 5.0.0', false, true],
    ['mesa', 'software', 'llvmpipe: Mesa 25.0.7 (LLVM 15.0.6)', false, true],
    ['microsoft', 'warp', '', false, true],
    ['microsoft', '', 'Microsoft Basic Render Driver', false, true],
    ['', '', '', true, true],
    ['nvidia', 'hopper', 'NVIDIA H200', false, false],
    ['intel', 'gen-12lp', 'Intel(R) Iris(R) Xe Graphics', false, false],
    ['apple', 'metal-3', 'Apple M3', false, false],
    ['amd', 'rdna-3', 'AMD Radeon RX 7900 (RADV NAVI31): Mesa 25.0', false, false],
    ['', '', '', false, false],
  ])('%s %s "%s", fallback %s: %s', (vendor, architecture, description, isFallback, software) => {
    expect(isSoftware({ vendor, architecture, device: '', description }, isFallback)).toBe(software);
  });
});

describe('the choice of an adapter', () => {
  const present = (...kinds: AdapterKind[]) => kinds.map((kind) => ({ kind, adapter: {} }));

  test('takes the best present, whatever the order of discovery', () => {
    expect(chooseAdapter(present('embedded', 'system', 'gpu'), null)?.kind).toBe('gpu');
    expect(chooseAdapter(present('embedded', 'system'), null)?.kind).toBe('system');
    expect(chooseAdapter([{ kind: 'gpu', adapter: null }, ...present('embedded')], null)?.kind).toBe('embedded');
    expect(chooseAdapter([], null)).toBeNull();
  });

  test('a forced kind is taken or nothing is', () => {
    expect(chooseAdapter(present('gpu', 'system', 'embedded'), 'embedded')?.kind).toBe('embedded');
    expect(chooseAdapter(present('system', 'embedded'), 'gpu')).toBeNull();
    expect(chooseAdapter(present('gpu', 'system', 'embedded'), 'none')).toBeNull();
    expect(adapterOrder('none')).toEqual([]);
  });

  test('COLLAPSE_ADAPTER is read strictly', () => {
    expect(forcedAdapter({})).toBeNull();
    expect(forcedAdapter({ COLLAPSE_ADAPTER: '' })).toBeNull();
    expect(forcedAdapter({ COLLAPSE_ADAPTER: 'system' })).toBe('system');
    expect(() => forcedAdapter({ COLLAPSE_ADAPTER: 'cpu' })).toThrow("'cpu'; allowed are gpu, system, embedded, none");
  });
});

describe('the search for a browser', () => {
  const embedded = {
    executable: '/cache/chromium',
    version: '143.0.4',
    environment: { FONTCONFIG_PATH: '/cache/fonts' },
  };

  /** A Linux machine on which only `files` exist. */
  const machine = (files: readonly string[], changes: Partial<BrowserMachine> = {}): BrowserMachine => ({
    platform: 'linux',
    environment: { PATH: '/usr/local/bin:/usr/bin' },
    exists: (path) => files.includes(path),
    puppeteerPath: () => '/home/me/.cache/puppeteer/chrome',
    embedded: async () => embedded,
    ...changes,
  });

  test('goes from Puppeteer through the system to the embedded one', async () => {
    const files = ['/home/me/.cache/puppeteer/chrome', '/usr/bin/chromium', '/usr/bin/google-chrome'];
    const found: string[] = [];
    for await (const { executable, source } of browsers(machine(files))) found.push(`${source} ${executable}`);
    expect(found).toEqual([
      'puppeteer /home/me/.cache/puppeteer/chrome',
      'system /usr/bin/google-chrome',
      'system /usr/bin/chromium',
      'embedded /cache/chromium',
    ]);
  });

  test('unpacks the embedded one only when it comes to that', async () => {
    const refuse = () => Promise.reject(new Error('unpacked in vain'));
    expect((await findBrowser(machine(['/usr/bin/chromium'], { embedded: refuse }))).source).toBe('system');
    expect(await findBrowser(machine([]))).toEqual({ ...embedded, source: 'embedded' });
  });

  test.each(['COLLAPSE_CHROME', 'PUPPETEER_EXECUTABLE_PATH'])('%s is taken or refused', async (variable) => {
    const environment = { PATH: '/usr/bin', [variable]: '/opt/chrome' };
    const named = await findBrowser(machine(['/opt/chrome', '/usr/bin/chromium'], { environment }));
    expect(named).toMatchObject({ executable: '/opt/chrome', source: 'environment' });
    await expect(findBrowser(machine(['/usr/bin/chromium'], { environment }))).rejects.toThrow(
      `${variable} names /opt/chrome, which does not exist`,
    );
  });

  test('COLLAPSE_CHROME goes before PUPPETEER_EXECUTABLE_PATH', async () => {
    const environment = { COLLAPSE_CHROME: '/a', PUPPETEER_EXECUTABLE_PATH: '/b' };
    expect((await findBrowser(machine(['/a', '/b'], { environment }))).executable).toBe('/a');
  });

  test('knows where macOS and Windows keep Chrome', async () => {
    const mac = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';
    expect((await findBrowser(machine([mac], { platform: 'darwin' }))).executable).toBe(mac);
    const exe = join('C:/Programs', 'Google', 'Chrome', 'Application', 'chrome.exe');
    const windows = machine([exe], { platform: 'win32', environment: { PROGRAMFILES: 'C:/Programs' } });
    expect((await findBrowser(windows)).executable).toBe(exe);
  });

  test('with no browser at all says what to do', async () => {
    const none = machine([], { embedded: () => Promise.reject(new Error('Linux x64 only')) });
    await expect(findBrowser(none)).rejects.toThrow('install Chrome or name one with COLLAPSE_CHROME. Linux x64 only');
  });
});

describe("Chrome's flags", () => {
  test('software excludes the GPU', () => {
    const flags = browserFlags({ software: true }, 'linux', undefined);
    expect(flags).toContain('--use-webgpu-adapter=swiftshader');
    expect(flags).not.toContain('--use-angle=vulkan');
  });

  test('only Linux is told to use Vulkan', () => {
    expect(browserFlags({}, 'linux', undefined)).toContain('--use-angle=vulkan');
    expect(browserFlags({}, 'darwin', undefined)).not.toContain('--use-angle=vulkan');
  });

  test("the user's flags come last", () => {
    expect(browserFlags({ flags: ['--own'] }, 'linux', ' --a  --b ').slice(-3)).toEqual(['--own', '--a', '--b']);
  });
});

describe('a cached folder', () => {
  let root = '';
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'collapse-lab-test-'));
  });
  afterEach(() => rm(root, { recursive: true }));

  test('is filled once, also by two at once', async () => {
    let fills = 0;
    const fill = async (folder: string) => {
      fills += 1;
      await writeFile(join(folder, 'file'), 'whole');
    };
    const both = await Promise.all([cachedFolder(root, 'thing', fill), cachedFolder(root, 'thing', fill)]);
    const before = fills;
    const again = await cachedFolder(root, 'thing', fill);
    expect(new Set([...both, again])).toEqual(new Set([join(root, 'thing')]));
    expect(fills).toBe(before);
    expect(await readdir(root)).toEqual(['thing']);
    expect(await readdir(again)).toEqual(['file']);
  });

  test('does not exist after a failure', async () => {
    const fail = () => Promise.reject(new Error('archive broken'));
    await expect(cachedFolder(root, 'thing', fail)).rejects.toThrow('archive broken');
    expect(await readdir(root)).toEqual([]);
  });
});
