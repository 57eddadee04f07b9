import { afterAll, describe, expect, it } from 'vitest';
import { parseResults } from '../../src/report/results-json.ts';
import { readAddress } from '../../src/web/address.ts';
import { presets } from '../../src/web/presets.ts';
import { saved, setField, textOf, untilProgressSays, usePage } from './browser-page.ts';

/*
 * Plan: the built page, as a visitor uses it, in Chrome on the software adapter.
 * - it loads without a complaint, says that its adapter is software, and draws theory before any trial
 * - the smoke experiment runs to its end: marks beside the theory, no failed trials, a table, and files that parse
 * - the best ridge: a table with theory and simulation and why there is no rule, and ticks on the curves
 * - stopping keeps what was finished, and running again goes on from there
 * - bad input: every problem at its field or in the list, and no run
 * - the address: an edit goes into it, and opening it shows the same experiment; an unknown preset is named
 * - a phone: nothing is wider than the screen
 */

const context = usePage();

afterAll(() => {
  expect(context.complaints).toEqual([]);
});

describe('the page', () => {
  it('runs the smoke experiment and hands out its files', async () => {
    const page = await context.open('');
    expect(await textOf(page, '.device')).toContain('software adapter');
    expect(await page.$$('figure .theory path')).not.toHaveLength(0);
    expect(await page.$$('figure .mean > *')).toHaveLength(0);

    await page.click('#run');
    await untilProgressSays(page, 'All trials are done');
    expect(await page.$$('figure .mean > *')).toHaveLength(15);
    expect(await textOf(page, '#failed-text')).toContain('Failed trials: 0 of 30,000');
    expect(await page.$$('.data tbody tr')).toHaveLength(15);

    const results = parseResults(await saved(page, '#save-results', context.downloads, 'results.json'));
    expect(results.manifest).toMatchObject({ backend: 'chrome', statuses: { ok: 30000 } });
    expect(results.manifest.driver).toMatch(/Chrome\/\d+/);
    const table = await saved(page, '#save-table', context.downloads, 'table.csv');
    expect(table.trim().split('\r\n')).toHaveLength(16);
    const svg = await saved(page, '.save-figure', context.downloads, 'main.svg');
    const root = await page.evaluate(
      (text) => new DOMParser().parseFromString(text, 'image/svg+xml').documentElement.localName,
      svg,
    );
    expect(root).toBe('svg');
    await page.close();
  });

  it('finds the best ridge and marks it', async () => {
    const page = await context.open("#preset=power-law&trials=40&generations=0,2&covariance={kind:'isotropic'}");
    await page.click('#find-ridge');
    await page.waitForFunction(() => /are below\.$/.test(document.querySelector('#ridge-text')?.textContent ?? ''));
    expect(await page.$$('.ridges tbody tr')).toHaveLength(2);
    for (const kind of ['theory', 'simulation']) expect(await page.$$(`figure .tick-${kind}`), kind).toHaveLength(2);
    expect(await textOf(page, '.ridges')).toMatch(/on the same 40 trials.* No rule/s);
    await page.close();
  });

  it('stops after the batch under way and goes on from there', async () => {
    const page = await context.open('#preset=smoke&trials=1000000');
    await page.click('#run');
    await untilProgressSays(page, 'trials/s');
    await page.click('#stop');
    await untilProgressSays(page, 'Stopped');
    const trials = await page.$eval('.data tbody td', (cell) => Number(cell.textContent));
    expect(trials).toBeGreaterThan(0);
    expect(await page.$eval('#save-results', (button) => (button as HTMLButtonElement).disabled)).toBe(false);

    await page.click('#run');
    await untilProgressSays(page, 'trials/s');
    const done = Number((await textOf(page, '#progress-text')).split(' ')[0]!.replaceAll(',', ''));
    expect(done).toBeGreaterThan(trials);
    await page.close();
  });

  it('shows all problems of bad input and does not run', async () => {
    const page = await context.open('#preset=smoke');
    await setField(page, 'dimension', '-3');
    await setField(page, 'downstream.noise', 'abc');
    expect(await textOf(page, '[id="field-dimension-problem"]')).toContain('found -3');
    expect(await textOf(page, '[id="field-downstream.noise-problem"]')).toContain("found 'abc'");
    expect(await page.$eval('#run', (button) => (button as HTMLButtonElement).disabled)).toBe(true);

    await page.$eval('.settings details', (details) => details.setAttribute('open', ''));
    await page.$eval('#file', (area) => {
      (area as HTMLTextAreaElement).value = '{ name: ';
      area.dispatchEvent(new Event('input', { bubbles: true }));
    });
    expect(await textOf(page, '#problems')).toContain('not JSON5');
    await page.close();
  });

  it('keeps the experiment in its address', async () => {
    const page = await context.open('#preset=smoke');
    await setField(page, 'generations', '0, 2');
    await page.waitForFunction(() => location.hash.includes('generations'));
    const hash = await page.evaluate(() => location.hash);
    expect((await readAddress(hash, presets)).file).toMatchObject({ name: 'smoke', generations: [0, 2] });
    expect(await textOf(page, '#command')).toBe(`npx collapse run '${hash.slice(1)}'`);
    await page.close();

    const again = await context.open(hash);
    expect(await again.$eval('[id="field-generations"]', (input) => (input as HTMLInputElement).value)).toBe('0, 2');
    await again.close();

    const unknown = await context.open('#preset=smok');
    expect(await textOf(unknown, '#problems')).toContain('did you mean "smoke"');
    await unknown.close();
  });

  it('fits a phone', async () => {
    const page = await context.open('#preset=demystified-fig1');
    await page.setViewport({ width: 360, height: 740 });
    await page.reload();
    await page.waitForSelector('figure svg');
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
    await page.close();
  });
});
