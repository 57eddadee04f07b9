import type { Backend } from '../engine/backend.ts';
import type { Progress, RunOutcome } from '../engine/events.ts';
import { type Journal, type JournalEntry, jobKey } from '../engine/journal.ts';
import { searchRidges } from '../engine/ridge-search.ts';
import { type Provenance, runPlan } from '../engine/run.ts';
import type { JsonObject } from '../experiment/experiment.ts';
import { parseExperiment } from '../experiment/parse.ts';
import { DeviceTooSmall } from '../program/cost.ts';
import { regimes } from '../regimes/index.ts';
import { predictor } from '../regimes/predict.ts';
import { theoryCurve } from '../report/theory-curve.ts';
import { browserName, COMMIT, VERSION } from './about.ts';
import type { News, Order, RidgeNews } from './messages.ts';
import { openBackend, planOn } from './prepare.ts';

/** The engine of the page, in a thread of its own. */
class EngineWorker {
  #stop = new AbortController();
  /** Batches drawn since the page was opened, so that a stopped run goes on and more trials add to those there. */
  #past: readonly JournalEntry[] = [];

  listen(): void {
    addEventListener('message', ({ data }: MessageEvent<Order>) => this.#obey(data));
    void this.#look();
  }

  #obey(order: Order): void {
    switch (order.kind) {
      case 'run':
        void this.#run(order.file);
        break;
      case 'ridges':
        void this.#search(order.file);
        break;
      case 'stop':
        this.#stop.abort();
        break;
      case 'theory':
        this.#workOut(order.file, order.id);
        break;
      default:
        order satisfies never;
    }
  }

  #workOut(file: JsonObject, id: number): void {
    try {
      tell({ kind: 'theory', id, curves: curvesOf(file), problem: null });
    } catch (error) {
      tell({ kind: 'theory', id, curves: [], problem: messageOf(error) });
    }
  }

  /** Says at once what will compute. */
  async #look(): Promise<void> {
    const { backend, reason } = await openBackend();
    tell({ kind: 'device', adapter: backend.adapter, reason });
    backend.close();
  }

  async #run(file: JsonObject): Promise<void> {
    this.#stop = new AbortController();
    try {
      await this.#draw(file, this.#stop.signal);
    } catch (error) {
      tell({ kind: 'refused', message: messageOf(error) });
    }
  }

  /** Theory first, then the simulation. */
  async #search(file: JsonObject): Promise<void> {
    this.#stop = new AbortController();
    const { signal } = this.#stop;
    const news = (change: Partial<RidgeNews>) =>
      tell({ kind: 'ridges', status: 'running', reports: null, batch: null, message: null, ...change });
    const grid = (grids: JsonObject, journal: Journal) => drawGrid(grids, journal, signal, (batch) => news({ batch }));
    try {
      const experiment = parseExperiment(file, regimes);
      const reports = await searchRidges(experiment, regimes, grid, (theory) => news({ reports: theory }));
      news({ status: 'ended', reports });
    } catch (error) {
      if (signal.aborted)
        news({ status: 'ended', message: 'Stopped: the best ridges below are those of theory alone.' });
      else news({ status: 'refused', message: messageOf(error) });
    }
  }

  async #draw(file: JsonObject, signal: AbortSignal): Promise<void> {
    const { backend } = await openBackend();
    try {
      const plan = planOn(backend, file);
      const keys = plan.jobs.map((job) => jobKey(job, backend.precision));
      const past = this.#past.filter(({ job }) => keys.includes(job));
      const added: JournalEntry[] = [];
      const { outcome, results, error } = await runPlan({
        plan,
        regimes,
        backend,
        signal,
        provenance: provenanceOf(backend),
        journal: { past, append: (entry) => added.push(entry) },
        onProgress: relay(),
      });
      this.#past = [...past, ...added];
      tell({ kind: 'end', outcome, results, error: error && messageOf(error) });
    } finally {
      backend.close();
    }
  }
}

/** One grid of the search for the best ridge. */
async function drawGrid(
  file: JsonObject,
  journal: Journal,
  signal: AbortSignal,
  onBatch: (batch: RidgeNews['batch']) => void,
): Promise<RunOutcome> {
  const { backend } = await openBackend();
  try {
    const run = await runPlan({
      plan: planOn(backend, file),
      regimes,
      backend,
      signal,
      journal,
      provenance: provenanceOf(backend),
      onProgress: (progress) => {
        if (progress.kind === 'batch') onBatch({ trialsDone: progress.trialsDone, trialsTotal: progress.trialsTotal });
      },
    });
    if (run.outcome !== 'complete') throw run.error ?? new Error('Stopped.');
    return run;
  } finally {
    backend.close();
  }
}

function provenanceOf({ adapter }: Backend): Provenance {
  const driver = browserName(navigator.userAgent);
  return { version: VERSION, commit: COMMIT, backend: adapter ? 'chrome' : 'reference', driver };
}

/** Milliseconds between two sets of results on their way to the page. */
const INTERVAL = 300;

/** Passes progress on; results so far, which take time to sum up and to draw, only so often. */
function relay(): (progress: Progress) => void {
  let last = Number.NEGATIVE_INFINITY;
  return (progress) => {
    if (progress.kind === 'note') return tell(progress);
    const { snapshot, ...numbers } = progress;
    const due = performance.now() - last >= INTERVAL;
    if (due) last = performance.now();
    tell({ ...numbers, panels: due ? snapshot() : null });
  };
}

function curvesOf(file: JsonObject) {
  return parseExperiment(file, regimes).panels.map((panel) =>
    panel.figure === null ? [] : theoryCurve(panel, predictor(panel, regimes)),
  );
}

function messageOf(error: unknown): string {
  if (error instanceof DeviceTooSmall) return [error.message, ...error.changes].join('\n');
  return error instanceof Error ? error.message : String(error);
}

function tell(news: News): void {
  postMessage(news);
}

new EngineWorker().listen();
