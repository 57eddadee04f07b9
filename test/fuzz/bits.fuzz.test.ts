import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { JournalFile } from '../../src/cli/journal-file.ts';
import { referenceBackend } from '../../src/engine/backend.ts';
import { runPlan } from '../../src/engine/run.ts';
import { parseExperiment } from '../../src/experiment/parse.ts';
import type { Results } from '../../src/experiment/results.ts';
import { planExperiment, REFERENCE_LIMITS } from '../../src/plan/plan.ts';
import { regimes } from '../../src/regimes/index.ts';
import { samplers } from '../../src/samplers/index.ts';
import { fuzzCount } from '../support/fuzz.ts';

/*
 * Plan: one bit of a journal is flipped, anywhere, and the run resumed (f64 reference; a panel with terms and one with an
 * exponent fit, two jobs, the journals of a stopped run and of the one that went on).
 * - whatever the bit: a sentence says that the journal is damaged, and the results are those of a run without interruption
 * - several bits at once, or a stretch of bytes overwritten: the same
 */

const EXPERIMENT = {
  name: 'bits',
  regime: 'replace',
  dimension: 3,
  generator: { samples: 9, noise: 0.2 },
  downstream: { samples: [8, 16, 32, 64, 128], noise: 0.1, ridge: 0.1 },
  generations: [0, 1],
  sampler: 'direct',
  trials: 100,
  panels: [
    {
      name: 'fit',
      fit: [{ at: { generations: 0 } }, { at: { generations: 1 } }],
      figure: { x: 'downstream.samples', series: 'generations' },
    },
    { name: 'terms', trials: 30, figure: { x: 'downstream.samples', y: 'variance', series: 'generations' } },
  ],
};

const provenance = { version: '0', commit: null, backend: 'reference', driver: '' } as const;
const experiment = parseExperiment(EXPERIMENT as never, regimes);
const plan = planExperiment(experiment, regimes, samplers, REFERENCE_LIMITS);

const home = mkdtempSync(join(tmpdir(), 'collapse-bits-'));
const original = join(home, 'original');
afterAll(() => rmSync(home, { recursive: true }));

/** Goes on from the journals of a folder; `most` batches, then it stops. */
async function run(folder: string, most = Number.POSITIVE_INFINITY) {
  const warnings: string[] = [];
  const journal = new JournalFile(folder, { resume: true, experiment: '', warn: (text) => warnings.push(text) });
  const stop = new AbortController();
  let batches = 0;
  const { results, error } = await runPlan({
    plan,
    regimes,
    provenance,
    backend: referenceBackend,
    journal,
    mostTrialsPerBatch: 17,
    signal: stop.signal,
    onProgress: () => {
      if (++batches >= most) stop.abort();
    },
  });
  await journal.close();
  if (error) throw error;
  return { panels: results.panels, warnings };
}

let whole: Results['panels'];
const names = ['journal.trials', 'journal-2.trials'];
let sizes: readonly number[] = [];

beforeAll(async () => {
  mkdirSync(original);
  await run(original, 3);
  const second = await run(original, 4);
  expect(second.warnings).toEqual([]);
  sizes = names.map((name) => readFileSync(join(original, name)).length);
  const empty = mkdtempSync(join(home, 'whole-'));
  whole = (await run(empty)).panels;
});

/** Alters copies of the journals, resumes, and expects the results of a run without interruption and a word about it. */
async function survives(alter: (bytes: Buffer) => void, name: string): Promise<void> {
  const folder = mkdtempSync(join(home, 'copy-'));
  cpSync(original, folder, { recursive: true });
  const bytes = readFileSync(join(folder, name));
  alter(bytes);
  writeFileSync(join(folder, name), bytes);
  const { panels, warnings } = await run(folder);
  expect(warnings).toHaveLength(1);
  expect(warnings[0]).toContain(name);
  expect(panels).toEqual(whole);
  rmSync(folder, { recursive: true });
}

const place = fc
  .nat(1)
  .chain((file) =>
    fc.record({ file: fc.constant(file), at: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }) }),
  );

it('survives any flipped bit', async () => {
  const property = fc.asyncProperty(place, async ({ file, at }) => {
    const bit = Math.floor(at * 8 * sizes[file]!);
    await survives((bytes) => {
      bytes[bit >> 3]! ^= 1 << (bit & 7);
    }, names[file]!);
  });
  await fc.assert(property, { numRuns: fuzzCount(150) });
}, 600_000);

it('survives bytes that were overwritten', async () => {
  const property = fc.asyncProperty(
    place,
    fc.uint8Array({ minLength: 1, maxLength: 300 }),
    async ({ file, at }, rubbish) => {
      const from = Math.floor(at * sizes[file]!);
      const before = Buffer.from(readFileSync(join(original, names[file]!)));
      const after = Buffer.from(before);
      after.set(rubbish.subarray(0, after.length - from), from);
      fc.pre(!after.equals(before));
      await survives((bytes) => bytes.set(after), names[file]!);
    },
  );
  await fc.assert(property, { numRuns: fuzzCount(50) });
}, 600_000);
