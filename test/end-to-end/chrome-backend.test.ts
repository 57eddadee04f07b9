import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { openChromeBackend } from '../../src/cli/chrome-backend.ts';
import { openBackend } from '../../src/cli/device.ts';
import { simulate } from '../../src/cli/simulate.ts';
import type { Progress } from '../../src/engine/events.ts';
import type { JournalEntry } from '../../src/engine/journal.ts';
import type { JsonObject } from '../../src/experiment/experiment.ts';
import { readJson5 } from '../../src/experiment/json.ts';
import { parseExperiment } from '../../src/experiment/parse.ts';
import { regimes } from '../../src/regimes/index.ts';

/*
 * Plan: `--backend chrome` is the same run in another place.
 * - Chrome and Node draw the same integers, so every trial of the smoke experiment has the same test error up to f32
 *   rounding (1e-5 of the trial's error: ridge 1e-3 at d = 20, T = 60 has a condition number near 10)
 * - the manifest names the browser
 * - the journal gets every batch, and a run that finds them all there draws nothing
 * - a page that crashes in the midst of a run breaks it by name, with what is finished
 * - a GPU process that crashes is replaced by the browser, and the run goes on: every trial once, as drawn in Node
 * - an aborted signal ends the run after the batch under way, with what is finished
 */

const file = { ...readJson5(readFileSync('experiments/smoke.json5', 'utf8')), trials: 40 };

/** Errors by cell and trial, from however many batches. */
function errorsOf(entries: readonly JournalEntry[]): ReadonlyMap<string, number> {
  return new Map(
    entries.flatMap(({ job, batch: { first, count, errors } }) =>
      [...errors].map((error, i) => [`${job} ${Math.floor(i / count)} ${first + (i % count)}`, error] as const),
    ),
  );
}

/** Kills every process of a browser below this one that does this. */
function crash(what: 'renderer' | 'gpu-process'): void {
  const parents = new Map<number, number>();
  for (const pid of readdirSync('/proc').map(Number).filter(Number.isInteger)) {
    try {
      parents.set(pid, Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ')[1]));
    } catch {
      // It has ended meanwhile.
    }
  }
  const isOurs = (pid: number | undefined): boolean => pid === process.pid || (!!pid && isOurs(parents.get(pid)));
  for (const pid of parents.keys())
    if (isOurs(pid) && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(`--type=${what}`))
      process.kill(pid, 'SIGKILL');
}

type Options = Parameters<typeof simulate>[2];

async function run(where: 'node' | 'chrome', changes: JsonObject = {}, options: Options = {}) {
  const experiment = parseExperiment({ ...file, ...changes }, regimes);
  return simulate(experiment, await openBackend(where, experiment), options);
}

async function recorded(where: 'node' | 'chrome', sampler: string) {
  const entries: JournalEntry[] = [];
  const journal = { past: [], append: (entry: JournalEntry) => entries.push(entry) };
  return { entries, outcome: await run(where, { sampler }, { journal, mostTrialsPerBatch: 16 }) };
}

describe('--backend chrome', () => {
  it.each(['direct', 'auto'])('gives the numbers that Node gives, trial by trial: %s', async (sampler) => {
    const { entries, outcome } = await recorded('chrome', sampler);
    expect(outcome.outcome).toBe('complete');
    const { manifest, panels } = outcome.results;
    expect(manifest).toMatchObject({ backend: 'chrome', driver: expect.stringMatching(/Chrome\/\d+/) });

    const [chrome, node] = [errorsOf(entries), errorsOf((await recorded('node', sampler)).entries)];
    expect([...chrome.keys()].sort()).toEqual([...node.keys()].sort());
    const apart = [...chrome].map(([key, error]) => Math.abs(error - node.get(key)!) / error);
    expect(Math.max(...apart)).toBeLessThan(1e-5);

    const batches: unknown[] = [];
    const journal = { past: entries, append: () => {} };
    const onProgress = (progress: Progress) => void (progress.kind === 'batch' && batches.push(progress));
    const resumed = await run('chrome', { sampler }, { journal, onProgress });
    expect(batches).toEqual([]);
    expect(resumed.results.panels).toEqual(panels);
  });

  it('breaks by name when its page crashes and keeps what is finished', async () => {
    const experiment = parseExperiment({ ...file, trials: 100_000 }, regimes);
    const { backend, driver, close } = await openChromeBackend(experiment.file);
    const opened = { backend, name: 'chrome', driver, sentence: '', close } as const;
    const { outcome, error, results } = await simulate(experiment, opened, {
      mostTrialsPerBatch: 8,
      onProgress: ({ kind }) => void (kind === 'batch' && crash('renderer')),
    });
    expect(outcome).toBe('broken');
    expect(error).toMatchObject({ name: 'BrowserLost', message: expect.stringMatching(/stopped working/) });
    expect(results.panels[0]!.cells[0]!.trials).toBeGreaterThanOrEqual(8);
  });

  it('goes on when its GPU process crashes', async () => {
    let batches = 0;
    const notes: string[] = [];
    const entries: JournalEntry[] = [];
    const { outcome } = await run(
      'chrome',
      {},
      {
        journal: { past: [], append: (entry) => entries.push(entry) },
        mostTrialsPerBatch: 8,
        onProgress: (progress) => {
          if (progress.kind === 'note') notes.push(progress.text);
          if (progress.kind === 'batch' && ++batches === 2) crash('gpu-process');
        },
      },
    );
    expect(outcome).toBe('complete');
    expect(notes).toEqual([expect.stringMatching(/device was lost.*another device takes over/)]);
    const [chrome, node] = [errorsOf(entries), errorsOf((await recorded('node', 'auto')).entries)];
    expect([...chrome.keys()].sort()).toEqual([...node.keys()].sort());
  });

  it('stops when asked and keeps what is finished', async () => {
    const controller = new AbortController();
    const { outcome, results } = await run(
      'chrome',
      { trials: 100_000 },
      {
        mostTrialsPerBatch: 8,
        signal: controller.signal,
        onProgress: ({ kind }) => void (kind === 'batch' && controller.abort()),
      },
    );
    expect(outcome).toBe('stopped');
    expect(results.panels[0]!.cells[0]!.trials).toBe(8);
  });
});
