/**
 * Opening a device in Chrome, with the project's own modules served to it as they are.
 *
 * 1. The browser found on this machine starts, and a page on 127.0.0.1 opens a device.
 * 2. So does a worker, where the page runs the engine.
 * 3. A validation error in the page is thrown by name.
 * 4. Where the browser's GPU process ends between adapter and device, the next one gives a device.
 * 5. A device that is refused each time is an error.
 * 6. A page without a secure context is told what it needs.
 */
import type { Page } from 'puppeteer';
import { createServer, type ViteDevServer } from 'vite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { openBrowserGpu } from '../../src/gpu/browser/open-browser.ts';
import { type LaunchedBrowser, launchBrowser } from '../../src/gpu/node/chrome.ts';

const MODULE = '/src/gpu/browser/open-browser.ts';

/** The page hands the function over as a global, because the test runner rewrites `import` in functions sent to a page. */
const PAGE = `<!doctype html><script type="module">
  import { openBrowserGpu } from '${MODULE}';
  Object.assign(globalThis, { openUnderTest: openBrowserGpu });
</script>`;

declare global {
  var openUnderTest: typeof openBrowserGpu;
}

let server: ViteDevServer;
let launched: LaunchedBrowser;

beforeAll(async () => {
  server = await createServer({
    configFile: false,
    appType: 'custom',
    logLevel: 'error',
    server: { host: '127.0.0.1', port: 0, hmr: false, watch: null },
    optimizeDeps: { noDiscovery: true },
  });
  server.middlewares.use('/page', (_request, response) => {
    response.setHeader('content-type', 'text/html').end(PAGE);
  });
  await server.listen();
  launched = await launchBrowser();
}, 120_000);

afterAll(async () => {
  await launched?.browser.close();
  await server?.close();
});

async function openPage(): Promise<Page> {
  const { port } = server.httpServer!.address() as { readonly port: number };
  const page = await launched.browser.newPage();
  await page.goto(`http://127.0.0.1:${port}/page`);
  return page;
}

test('a page opens a device', async () => {
  const page = await openPage();
  const answer = await page.evaluate(async () => {
    const { gpu, reason } = await openUnderTest();
    return {
      backend: gpu?.backend,
      buffer: gpu?.device.limits.maxBufferSize,
      asked: gpu?.adapter.limits.maxBufferSize,
      reason,
    };
  });
  expect(answer).toMatchObject({ backend: 'browser', reason: expect.stringMatching(/^Using/) });
  expect(answer.buffer).toBe(answer.asked);
});

test('a worker opens a device', async () => {
  const page = await openPage();
  const vendor = await page.evaluate((module) => {
    const code = `import { openBrowserGpu } from '${location.origin}${module}';
      postMessage((await openBrowserGpu()).gpu?.adapter.vendor);`;
    const worker = new Worker(URL.createObjectURL(new Blob([code], { type: 'text/javascript' })), { type: 'module' });
    return new Promise((resolve, reject) => {
      worker.onmessage = ({ data }) => resolve(data);
      worker.onerror = ({ message }) => reject(new Error(message));
    });
  }, MODULE);
  expect(vendor).toEqual(expect.stringMatching(/./));
});

test('a validation error is thrown by name after a round trip', async () => {
  const page = await openPage();
  const name = await page.evaluate(async () => {
    const { gpu } = await openUnderTest();
    if (!gpu) return 'no adapter';
    gpu.device.createBuffer({ size: 4, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.STORAGE });
    const probe = gpu.device.createBuffer({ size: 4, usage: GPUBufferUsage.MAP_READ });
    await probe.mapAsync(GPUMapMode.READ);
    try {
      gpu.assertHealthy();
      return 'nothing';
    } catch (error) {
      return (error as Error).name;
    }
  });
  expect(name).toBe('GpuValidationError');
});

test('a device is opened though the GPU process ended meanwhile', async () => {
  const page = await openPage();
  const session = await launched.browser.target().createCDPSession();
  await page.exposeFunction('endGpuProcess', () => session.send('Browser.crashGpuProcess'));
  const answer = await page.evaluate(async () => {
    const { requestDevice } = GPUAdapter.prototype;
    const refusals: string[] = [];
    GPUAdapter.prototype.requestDevice = async function (descriptor) {
      if (refusals.length === 0) await (globalThis as unknown as { endGpuProcess(): Promise<void> }).endGpuProcess();
      return requestDevice.call(this, descriptor).catch((error: Error) => {
        refusals.push(error.name);
        throw error;
      });
    };
    const { gpu } = await openUnderTest();
    await gpu!.device.queue.onSubmittedWorkDone();
    gpu!.assertHealthy();
    return { refusals, backend: gpu!.backend };
  });
  expect(answer).toEqual({ refusals: ['OperationError'], backend: 'browser' });
});

test('a device that is refused each time is an error', async () => {
  const page = await openPage();
  const message = await page.evaluate(() => {
    GPUAdapter.prototype.requestDevice = async () => {
      throw new DOMException('no device today', 'OperationError');
    };
    return openUnderTest().then(
      () => 'opened',
      (error: Error) => error.message,
    );
  });
  expect(message).toBe('no device today');
});

test('an insecure page is told what it needs', async () => {
  const page = await openPage();
  const opening = await page.evaluate(async () => {
    Object.defineProperty(globalThis, 'isSecureContext', { value: false });
    return openUnderTest();
  });
  expect(opening).toEqual({ gpu: null, reason: expect.stringContaining('https') });
});
