import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { ElementHandle, Page } from 'puppeteer';
import { afterAll, describe, expect, it } from 'vitest';
import { parseResults } from '../../src/report/results-json.ts';
import { readAddress } from '../../src/web/address.ts';
import { presets } from '../../src/web/presets.ts';
import { saved, setField, textOf, untilProgressSays, usePage } from './browser-page.ts';

/*
 * Plan: the built page, as a visitor uses it, in Chrome on the software adapter.
 * - it loads without a complaint, says that its adapter is software, and draws theory before any trial
 * - an experiment runs to its end: marks beside the theory, no failed trials, a table, and files that parse; its title says where one is;
 *   a reload finds the results, and a run goes on from them; they are listed, laid beside others, and forgotten
 * - an edit: the last run stays pale, Back undoes it and finds the results
 * - values under the pointer and at the keys; Run within ten tabs; what is pressed keeps the focus; axe finds nothing, light or dark
 * - frames side by side where more varies than a frame holds, and as chosen; a value in the second frame is under the pointer there; the choice is
 *   in the address, and moves no other field
 * - figure and Run in view at three sizes, nothing wider than the screen
 * - d = 10^5: edited, run and stopped, the stop within a second
 * - the best ridge: a table with theory and simulation and why there is no rule, and ticks on the curves
 * - networks: marks come while the first of them is still learning, and there are more of them later
 * - stopping keeps what was finished, and running again goes on from there; before the first batch it says so
 * - bad input: every problem at its field and above, and no run; a bad link is said where the figure would be
 * - the address: an edit goes into it, and opening it shows the same experiment
 * - the list of experiments: grouped, searched, opened; images: asked for before Run, and files that are not theirs refused
 */

const context = usePage();

afterAll(() => {
  expect(context.complaints).toEqual([]);
});

const marks = (page: Page) => page.$$eval('figure .mean > *', (found) => found.length);
const focused = (page: Page) => page.evaluate(() => document.activeElement?.id ?? '');
const isOff = (page: Page, selector: string) =>
  page.$eval(selector, (button) => button.getAttribute('aria-disabled') === 'true');

async function violations(page: Page): Promise<readonly string[]> {
  await page.evaluate(readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8'));
  return page.evaluate(async () => {
    // biome-ignore lint/suspicious/noExplicitAny: the page has it by now
    const { violations } = await (globalThis as any).axe.run();
    return violations.map(
      ({ id, nodes }: { id: string; nodes: { target: string[] }[] }) => `${id} ${nodes[0]?.target}`,
    );
  });
}

/** Trials in the batches that the browser keeps, one drawn twice counted twice. */
const keptTrials = (page: Page) =>
  page.evaluate(
    () =>
      new Promise<number>((resolve, reject) => {
        const request = indexedDB.open('collapse-lab');
        request.onerror = () => reject(request.error);
        request.onsuccess = () => {
          const batches = request.result.transaction('batches').objectStore('batches').getAll();
          batches.onsuccess = () =>
            resolve(
              batches.result.reduce((sum: number, { batch }: { batch: { count: number } }) => sum + batch.count, 0),
            );
        };
      }),
  );

describe('the page', () => {
  it('runs an experiment, hands out its files and keeps its results', async () => {
    const page = await context.open('#preset=smoke&trials=400');
    await page.waitForFunction(() => document.querySelector('.device')?.textContent?.includes('software adapter'));
    expect(await page.$$('figure .theory path')).not.toHaveLength(0);
    expect(await marks(page)).toBe(0);
    expect([await isOff(page, '#save-results'), await isOff(page, '#stop')]).toEqual([true, true]);

    await page.click('#run');
    await untilProgressSays(page, 'All trials are done');
    expect(await focused(page)).toBe('run');
    expect(await marks(page)).toBe(15);
    expect(await textOf(page, '#failed-text')).toBe('No trial failed.');
    expect(await page.$$('.data tbody tr')).toHaveLength(15);
    expect(await page.title()).toBe('A quick look at model collapse · collapse-lab');

    const results = parseResults(await saved(page, '#save-results', context.downloads, 'results.json'));
    expect(results.manifest).toMatchObject({ backend: 'chrome', statuses: { ok: 6000 } });
    expect(results.manifest.driver).toMatch(/Chrome\/\d+/);
    const table = await saved(page, '#save-table', context.downloads, 'table.csv');
    expect(table.trim().split('\r\n')).toHaveLength(16);
    const svg = await saved(page, '.save-figure', context.downloads, 'smoke.svg');
    expect(svg).toMatch(/^<svg .*trials failed/s);
    expect(await saved(page, '.save-image', context.downloads, 'smoke.png')).toContain('PNG');
    expect(await saved(page, '#save-file', context.downloads, 'smoke.json5')).toContain("name: 'smoke'");

    await page.reload();
    await page.waitForSelector('figure .mean > *');
    expect(await textOf(page, '#progress-text')).toContain('kept in this browser');
    expect(await marks(page)).toBe(15);
    expect(await keptTrials(page)).toBe(400);
    await setField(page, 'trials', '500');
    await page.click('#run');
    await untilProgressSays(page, 'All trials are done');
    expect(await keptTrials(page), 'goes on from trial 400').toBe(500);
    await page.goBack();
    await page.waitForSelector('figure .mean > *');

    await setField(page, 'generator.noise', '0.5');
    await page.waitForSelector('.ghost circle');
    expect(await textOf(page, '.ghost-note')).toContain('σ₀ = 0.2');
    expect(await marks(page)).toBe(0);
    await page.goBack();
    await page.waitForSelector('figure .mean > *');
    expect(await page.$('.ghost')).toBeNull();

    await setField(page, 'figure.y', 'bias');
    await page.goBack();
    await page.waitForSelector('figure .mean > *');

    await page.click('#open-history');
    expect(await textOf(page, '#history .runs li')).toContain('500 trials, 15 cells · trials=500');
    for (const left of [1, 0]) {
      await page.$eval('#history .runs li button:last-child', (button) => (button as HTMLElement).click());
      await page.waitForFunction((count) => document.querySelectorAll('#history .runs li').length === count, {}, left);
    }
    expect(await keptTrials(page)).toBe(0);
    expect(await page.evaluate(() => document.activeElement?.closest('#history') !== null)).toBe(true);
    await page.close();
  });

  it('can be used by keys and read by listeners', async () => {
    const page = await context.open('#preset=demystified-fig1');
    // Curves that are made finer are drawn anew: what is said of the theory ends when they stay.
    await page.waitForFunction(
      () =>
        document.querySelectorAll('figure .theory path').length === 8 &&
        document.querySelector('#theory-text')?.textContent === '',
    );
    let tabs = 0;
    for (; tabs < 10 && (await focused(page)) !== 'run'; tabs++) await page.keyboard.press('Tab');
    expect(await focused(page)).toBe('run');

    await page.focus('.plot');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    expect(await textOf(page, '.tip.shown')).toMatch(/n = 0.*λ = .*theory 0\.00/);
    await page.keyboard.press('Escape');
    expect(await page.$('.tip.shown')).toBeNull();
    const box = await page.$eval('.plot svg', (plot) => plot.getBoundingClientRect().toJSON());
    await page.mouse.move(box.x + 0.16 * box.width, box.y + 0.6 * box.height);
    await page.waitForSelector('.tip.shown');

    expect(await violations(page)).toEqual([]);
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: 'dark' }]);
    expect(await violations(page)).toEqual([]);
    await page.click('#open-browse');
    expect(await violations(page)).toEqual([]);
    await page.type('#search', 'quick look');
    expect(await textOf(page, '.found')).toBe('1 experiment');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => document.title.startsWith('A quick look'));
    expect(await focused(page)).toBe('title');
    await page.close();
  });

  it('shows figure and Run at every size', async () => {
    const page = await context.open('#preset=demystified-fig1');
    for (const [width, height] of [
      [1440, 900],
      [390, 844],
      [720, 450],
      [320, 640],
    ] as const) {
      await page.setViewport({ width, height });
      await page.reload();
      await page.waitForFunction(() => document.querySelectorAll('figure svg').length === 2);
      const low = (selector: string) => page.$eval(selector, (element) => element.getBoundingClientRect().bottom);
      expect(await low('#run'), `Run at ${width}`).toBeLessThan(height);
      expect(await low('figure svg'), `figure at ${width}`).toBeLessThan(height);
      expect(await page.evaluate(() => document.documentElement.scrollWidth), `${width}`).toBe(width);
    }
    await page.close();
  });

  it('hears at d = 100,000', async () => {
    const page = await context.open('#preset=smoke&generator.samples=200000&downstream.samples=300000&trials=1000000');
    await page.evaluate(() => {
      const said = document.querySelector('#theory-text')!;
      const keep = () => said.setAttribute('data-said', `${said.getAttribute('data-said') ?? ''} ${said.textContent}`);
      new MutationObserver(keep).observe(said, { childList: true, characterData: true, subtree: true });
    });
    const edited = Date.now();
    await setField(page, 'dimension', '100000');
    await page.waitForFunction(
      () =>
        location.hash.includes('dimension=100000') &&
        document.querySelector('#theory-text')?.textContent === '' &&
        document.querySelector('figure .theory path') !== null,
    );
    // Seconds: what is promised, twice, for a machine with other work.
    expect(Date.now() - edited).toBeLessThan(4000);
    expect(await page.$eval('#theory-text', (said) => said.getAttribute('data-said'))).toContain(
      'Theory of the experiment',
    );
    const asked = Date.now();
    await page.click('#run');
    await untilProgressSays(page, 'trials/s');
    expect(Date.now() - asked).toBeLessThan(10_000);
    const since = Date.now();
    await page.click('#stop');
    await untilProgressSays(page, '^Stopped');
    expect(Date.now() - since).toBeLessThan(2000);
    await setField(page, 'dimension', '20');
    await page.waitForSelector('figure .theory path');
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

  it('draws curves while networks learn', async () => {
    const page = await context.open(
      '#preset=tails-gcd-skills&trials=1&training.examples=65536&tests=64&examples=0,16384,32768,49152,65536',
    );
    const marksAndDone = () =>
      page.evaluate(() => ({
        marks: document.querySelectorAll('figure .mean > *').length,
        text: document.querySelector('#progress-text')?.textContent ?? '',
      }));
    await page.click('#run');
    const met: number[] = [];
    for (let done = false; !done; ) {
      const { marks, text } = await marksAndDone();
      done = /All trials are done/.test(text);
      if (!done && marks > 0 && marks !== met.at(-1)) met.push(marks);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    const all = (await marksAndDone()).marks;
    expect(met.length).toBeGreaterThan(1);
    expect(met[0]).toBeLessThan(all);
    expect(met).toEqual(met.toSorted((a, b) => a - b));
    await page.close();
  });

  it('stops and goes on from there', async () => {
    const page = await context.open('#preset=smoke&trials=1000000');
    await page.click('#run');
    await untilProgressSays(page, 'trials/s');
    await page.waitForSelector('.data tbody td');
    await page.click('#stop');
    await untilProgressSays(page, 'Stopped');
    const trials = await page.$eval('.data tbody td', (cell) => Number(cell.textContent));
    expect(trials).toBeGreaterThan(0);
    await page.waitForSelector('#save-results[aria-disabled=false]');
    expect(await page.title()).not.toContain('%');

    await page.click('#run');
    await page.waitForFunction(
      (before) => Number(document.querySelector('.data tbody td')?.textContent) > before,
      {},
      trials,
    );
    await setField(page, 'seed', '2');
    expect(await isOff(page, '#run')).toBe(false);
    expect(await textOf(page, '#progress-text')).toBe('');
    await page.close();
  });

  it('shows all problems of bad input and does not run', async () => {
    const page = await context.open('#preset=smoke');
    await setField(page, 'dimension', '-3');
    await setField(page, 'downstream.noise', 'abc');
    expect(await textOf(page, '[id="field-dimension-problem"]')).toContain('found -3');
    expect(await textOf(page, '[id="field-downstream.noise-problem"]')).toContain("found 'abc'");
    expect(await page.$$('#run-problems li')).toHaveLength(2);
    expect(await isOff(page, '#run')).toBe(true);
    await page.click('#run-problems li button');
    expect(await focused(page)).toBe('field-dimension');

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
    expect(await textOf(unknown, '#lost')).toContain('did you mean "smoke"');
    expect(await unknown.$('#run')).toBeNull();
    await unknown.close();
  });

  it('asks for images before Run', async () => {
    const page = await context.open('#preset=demystified-fig5');
    await page.waitForSelector('#image-files');
    expect(await isOff(page, '#run')).toBe(true);
    const picker = (await page.$('#image-files')) as ElementHandle<HTMLInputElement>;
    await picker.uploadFile('package.json');
    await page.waitForFunction(() => /SHA-256/.test(document.querySelector('#images .problem')?.textContent ?? ''));
    await page.waitForFunction(() =>
      /No theory is drawn/.test(document.querySelector('figcaption')?.textContent ?? ''),
    );
    await page.close();
  });
});

it('draws frames side by side, by itself and as chosen', async () => {
  const page = await context.open(
    '#preset=smoke&generator.noise=0.1,0.2&downstream.samples=40,60&trials=40&figure.x=downstream.ridge',
  );
  const frames = () => page.$$eval('figure .plot > svg > rect', (found) => found.length);
  const select = '[id="field-figure.facet"]';
  expect(await frames()).toBe(4);
  await page.click('#run');
  await untilProgressSays(page, 'All trials are done');
  expect(await marks(page)).toBe(60);
  expect(await violations(page)).toEqual([]);
  const second = (await page.$$('figure .plot > svg > rect'))[1]!;
  const { x, y, width, height } = (await second.boundingBox())!;
  await page.mouse.move(x + width / 2, y + height / 2);
  expect(await textOf(page, '.tip')).toContain('σ₀ = 0.1, T = 60');
  for (const [choice, count] of [
    ['none', 1],
    ['generator.noise', 2],
    ['auto', 4],
  ] as const) {
    await page.select(select, choice);
    await page.waitForFunction(
      (wanted) => document.querySelectorAll('figure .plot > svg > rect').length === wanted,
      {},
      count,
    );
    expect(await marks(page), 'the run stays').toBe(60);
    expect(await page.$eval(select, (one) => (one as HTMLSelectElement).value)).toBe(choice);
    expect(await page.$eval('[id="field-figure.y"]', (one) => (one as HTMLSelectElement).value)).toBe('error');
  }
  await page.close();
});
