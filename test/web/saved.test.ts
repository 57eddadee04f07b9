import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { beforeEach, describe, expect, it } from 'vitest';
import type { JournalEntry } from '../../src/engine/journal.ts';
import type { Results } from '../../src/experiment/results.ts';
import { MNIST } from '../../src/samplers/images/mnist.ts';
import { installImages, keptImages, lookForImages } from '../../src/web/image-files.ts';
import { Saved, type SavedRun } from '../../src/web/saved.ts';

/*
 * Plan: what the browser keeps.
 * - a run is there for whoever opens the page next; a later one of the same numbers takes its place; a forgotten one is gone
 * - the list has the newest first and no results, and no more than it may
 * - batches are there by job, those of a forgotten run are gone, and so are the oldest where there are too many
 * - where there is no such store the question is refused, not unanswered
 * - images: files that are not the published ones are refused by number, and what is missing is named; absent images are absent by name
 */

const run = (key: string, when: string): SavedRun => ({
  ...{ key, when, title: key, link: `preset=${key}`, extent: '', file: { name: key } },
  results: { panels: [] } as unknown as Results,
  jobs: [`job of ${key}`],
});

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
});

describe('runs', () => {
  it('are there for the next visit', async () => {
    await new Saved().keep(run('a', '2026-01-01'));
    await new Saved().keep(run('b', '2026-01-02'));
    const later = new Saved();
    expect(await later.run('a')).toEqual(run('a', '2026-01-01'));
    expect(await later.run('c')).toBeNull();
    const list = await later.list();
    expect(list.map(({ key }) => key)).toEqual(['b', 'a']);
    expect(list[0]).not.toHaveProperty('results');
    await later.keep(run('a', '2026-01-03'));
    expect((await later.list()).map(({ key, when }) => `${key} ${when}`)).toEqual(['a 2026-01-03', 'b 2026-01-02']);
    await later.remove('a');
    expect([await later.run('a'), (await later.list()).length]).toEqual([null, 1]);
  });

  it('are no more than may be', async () => {
    const saved = new Saved();
    for (let i = 0; i < 203; i++) await saved.keep(run(`run ${i}`, new Date(1e12 + i).toISOString()));
    expect(await saved.list()).toHaveLength(200);
    expect([await saved.run('run 2'), (await saved.run('run 3'))?.key]).toEqual([null, 'run 3']);
  });

  const entry = (job: string, first: number, count: number): JournalEntry => ({
    job,
    batch: { first, count, errors: new Float64Array(count).fill(first), statuses: new Uint8Array(count) },
  });

  it('go on from their batches', async () => {
    const saved = new Saved();
    for (const one of [entry('a', 0, 3), entry('a', 3, 2), entry('a', 3, 4), entry('ab', 0, 1)])
      await saved.keepBatch(one);
    const later = new Saved();
    expect(await later.batches(['a'])).toEqual([entry('a', 0, 3), entry('a', 3, 2), entry('a', 3, 4)]);
    expect(await later.batches(['ab', 'c'])).toEqual([entry('ab', 0, 1)]);
    await later.keep({ ...run('run', '2026-01-01'), jobs: ['a'] });
    await later.remove('run');
    expect(await later.batches(['a', 'ab'])).toEqual([entry('ab', 0, 1)]);
  });

  it('lose the batches of the oldest where there are too many', async () => {
    const saved = new Saved();
    for (const job of ['old', 'middle', 'new']) {
      await saved.keepBatch(entry(job, 0, 7 * 2 ** 20));
      await saved.keepJobs([job], job === 'old' ? '2026-01-01' : job === 'middle' ? '2026-01-02' : '2026-01-03');
    }
    const there = async (job: string) => (await saved.batches([job])).length;
    expect([await there('old'), await there('middle'), await there('new')]).toEqual([0, 1, 1]);
  });

  it('are refused where nothing is kept', async () => {
    Reflect.deleteProperty(globalThis, 'indexedDB');
    await expect(new Saved().list()).rejects.toMatchObject({ name: 'NothingKept' });
  });
});

describe('images', () => {
  it('are told by their contents', async () => {
    const saved = new Saved();
    expect(await lookForImages(saved)).toBe('absent');
    const answer = await installImages([new Blob(['no images'])], saved);
    expect(answer).toMatchObject({ problem: expect.stringMatching(/^1 of these files .* SHA-256.*train-images/) });
    await expect(keptImages(saved)({ name: 'mnist', training: 1, test: 1, features: 1 })).rejects.toMatchObject({
      name: 'ImagesAbsent',
    });
  });

  it('are here once all four files are, as their bytes say', async () => {
    const saved = new Saved();
    const idx = (sizes: readonly number[], count: number) =>
      Uint8Array.from([0, 0, 8, sizes.length, ...sizes.flatMap((size) => [0, 0, 0, size]), ...Array(count).fill(7)]);
    for (const { images, labels } of [MNIST.training, MNIST.test]) {
      await saved.keepBytes(images.name, idx([2, 1, 3], 6));
      await saved.keepBytes(labels.name, idx([2], 2));
    }
    expect(await lookForImages(saved)).toBe('here');
    const images = await keptImages(saved)({ name: 'mnist', training: 2, test: 2, features: 3 });
    expect([images.training.pixels.length, images.test.digits.length]).toEqual([6, 2]);
  });
});
