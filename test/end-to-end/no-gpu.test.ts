import { describe, expect, it } from 'vitest';
import { parseResults } from '../../src/report/results-json.ts';
import { saved, textOf, untilProgressSays, usePage } from './browser-page.ts';

/*
 * Plan: the built page where there is no WebGPU, here because its address is neither https nor localhost.
 * - a banner says why, and that the f64 reference computes
 * - a run can be stopped although the loops never wait, and says where its numbers come from
 */

const context = usePage('insecure.test');

describe('the page without WebGPU', () => {
  it('computes with the reference', async () => {
    const page = await context.open('#preset=smoke&trials=1000000');
    // Theory is drawn before a device is found.
    await page.waitForFunction(
      () => !/Looking for/.test(document.querySelector('.device')?.textContent ?? 'Looking for'),
    );
    expect(await textOf(page, '.device')).toMatch(/needs https.*f64 reference/s);
    await page.click('#run');
    await untilProgressSays(page, 'trials/s');
    await page.click('#stop');
    await untilProgressSays(page, 'Stopped');
    const { manifest } = parseResults(await saved(page, '#save-results', context.downloads, 'results.json'));
    expect(manifest).toMatchObject({ backend: 'reference', adapter: null });
    expect(context.complaints).toEqual([]);
  });
});
