import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import type { KernelDefinition } from '../../src/gpu/kernel.ts';
import { findFirefox, launchFirefox } from '../../src/gpu/node/firefox.ts';
import { hasFirefox } from '../support/firefox.ts';

/*
 * Plan: every kernel that needs no feature beyond WebGPU's own becomes a pipeline in Firefox, whose translator (naga) is not Chrome's,
 * with the constants that the shader itself names. One that ends the process takes all with it, and the test says after which.
 */

const files = import.meta.glob<Record<string, unknown>>('../../src/kernels/*.ts', { eager: true });

function isKernel(value: unknown): value is KernelDefinition {
  return typeof value === 'object' && value !== null && 'code' in value && 'launch' in value;
}

/** Kernels by name, those in tables of variants too. */
const kernels = new Map(
  Object.values(files)
    .flatMap((file) => Object.values(file))
    .flatMap((value) => (isKernel(value) ? [value] : Object.values(Object(value))))
    .filter(isKernel)
    .filter(({ code }) => !code.startsWith('enable '))
    .map(({ name, code }) => [name, code]),
);

describe.skipIf(!hasFirefox())('Firefox', () => {
  it('compiles every kernel', async () => {
    expect(kernels.size).toBeGreaterThan(40);
    const server = createServer((_, response) => response.setHeader('content-type', 'text/html').end('<p>'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const browser = await launchFirefox(findFirefox(), false);
    let last = 'none';
    try {
      const page = await browser.newPage();
      await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
      for (const [name, code] of kernels) {
        const problem = await page.evaluate(async (text: string) => {
          const device = await (await navigator.gpu.requestAdapter())!.requestDevice();
          const module = device.createShaderModule({ code: text });
          const { messages } = await module.getCompilationInfo();
          const wrong = messages.filter(({ type }) => type === 'error').map(({ message }) => message);
          if (wrong.length > 0) return wrong.join('; ');
          try {
            await device.createComputePipelineAsync({ layout: 'auto', compute: { module } });
            return null;
          } catch (error) {
            return String(error);
          } finally {
            device.destroy();
          }
        }, code);
        expect(problem, name).toBeNull();
        last = name;
      }
    } catch (error) {
      throw new Error(`The last kernel that became a pipeline: ${last}.`, { cause: error });
    } finally {
      await browser.close().catch(() => {});
      server.close();
    }
  });
});
