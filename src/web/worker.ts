import './no-eval.ts';
import type { Backend } from '../engine/backend.ts';
import type { Progress, RunOutcome } from '../engine/events.ts';
import { type Journal, type JournalEntry, jobKey } from '../engine/journal.ts';
import { type Phase, phaseText } from '../engine/phase.ts';
import { searchRidges } from '../engine/ridge-search.ts';
import { type Provenance, runPlan } from '../engine/run.ts';
import type { JsonObject } from '../experiment/experiment.ts';
import { parseExperiment } from '../experiment/parse.ts';
import { DeviceTooSmall } from '../program/cost.ts';
import { regimes } from '../regimes/index.ts';
import { samplersWith } from '../samplers/index.ts';
import { browserName, COMMIT, VERSION } from './about.ts';
import { keptImages } from './image-files.ts';
import type { News, Order, RidgeNews, Told } from './messages.ts';
import { openBackend, planOn } from './prepare.ts';
import { NothingKept, Saved } from './saved.ts';

const saved = new Saved();

/** Images come from what this browser keeps. */
const samplers = samplersWith(keptImages(saved));

type RunOrder = Extract<Order, { readonly kind: 'run' }>;
type RidgeOrder = Extract<Order, { readonly kind: 'ridges' }>;
type Tell = (news: News) => void;

/** The engine of the page, in a thread of its own: one order at a time. */
class EngineWorker {
  #stop = new AbortController();
  /** Ends with the last order. */
  #orders: Promise<void> = Promise.resolve();

  listen(): void {
    addEventListener('message', ({ data }: MessageEvent<Order>) => this.#obey(data));
    this.#orders = look();
  }

  #obey(order: Order): void {
    if (order.kind === 'stop') {
      this.#stop.abort();
      return;
    }
    this.#stop = new AbortController();
    if (order.kind === 'run' && order.halt) this.#stop.abort();
    const { signal } = this.#stop;
    this.#orders = this.#orders.then(() => (order.kind === 'run' ? run(order, signal) : search(order, signal)));
  }
}

/** Says at once what will compute. */
async function look(): Promise<void> {
  const { backend, reason } = await openBackend();
  teller(0)({ kind: 'device', adapter: backend.adapter, reason });
  backend.close();
}

async function run({ id, file, past }: RunOrder, signal: AbortSignal): Promise<void> {
  const tell = teller(id);
  try {
    tell({ kind: 'phase', text: 'Opening the device' });
    const { backend } = await openBackend();
    try {
      tell({ kind: 'phase', text: 'Planning' });
      const plan = planOn(backend, file, samplers);
      const jobs = plan.jobs.map((job) => jobKey(job, backend.precision));
      const kept = await keptBatches(jobs);
      tell({ kind: 'phase', text: 'Compiling kernels and drawing the first batch' });
      const { outcome, results, error } = await runPlan({
        plan,
        regimes,
        backend,
        signal,
        provenance: provenanceOf(backend),
        journal: {
          past: [...kept.past, ...past],
          append: (entry) => {
            tell({ kind: 'entry', entry });
            kept.append(entry);
          },
        },
        onProgress: relay(tell),
      });
      tell({ kind: 'end', outcome, results, jobs, error: error && messageOf(error) });
      await kept.close();
    } finally {
      backend.close();
    }
  } catch (error) {
    tell({ kind: 'refused', message: messageOf(error) });
  }
}

/** The journal of a run in this browser: a page that was left or reloaded goes on from it. Where nothing is kept it is empty, and stays so. */
async function keptBatches(jobs: readonly string[]) {
  let last = Promise.resolve();
  const quietly = async (act: () => Promise<void>) => {
    try {
      await act();
    } catch (error) {
      if (!(error instanceof NothingKept)) throw error;
    }
  };
  let past: readonly JournalEntry[] = [];
  await quietly(async () => {
    past = await saved.batches(jobs);
    await saved.keepJobs(jobs);
  });
  const append = (entry: JournalEntry) => {
    last = last.then(() => quietly(() => saved.keepBatch(entry)));
  };
  const close = () => last.then(() => quietly(() => saved.keepJobs(jobs)));
  return { past, append, close };
}

/** Theory first, then the simulation. */
async function search({ id, file }: RidgeOrder, signal: AbortSignal): Promise<void> {
  const tell = teller(id);
  const news = (change: Partial<RidgeNews>) =>
    tell({ kind: 'ridges', status: 'running', reports: null, batch: null, message: null, ...change });
  const grid = (grids: JsonObject, journal: Journal) => drawGrid(grids, journal, signal, (batch) => news({ batch }));
  try {
    const experiment = parseExperiment(file, regimes);
    const reports = await searchRidges(experiment, regimes, grid, (theory) => news({ reports: theory }));
    news({ status: 'ended', reports });
  } catch (error) {
    if (signal.aborted) news({ status: 'ended', message: 'Stopped: the best ridges below are those of theory alone.' });
    else news({ status: 'refused', message: messageOf(error) });
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
      plan: planOn(backend, file, samplers),
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
  const browser = driver.startsWith('Firefox') ? 'firefox' : 'chrome';
  return { version: VERSION, commit: COMMIT, backend: adapter ? browser : 'reference', driver };
}

/** Milliseconds between two sets of results on their way to the page. */
const INTERVAL = 300;

/** Passes progress on; results so far, which take time to sum up and to draw, only so often. */
function relay(tell: Tell): (progress: Progress) => void {
  let last = Number.NEGATIVE_INFINITY;
  const phase = relayPhase(tell);
  return (progress) => {
    if (progress.kind === 'note') return tell(progress);
    if (progress.kind === 'phase') return phase(progress);
    const { snapshot, ...numbers } = progress;
    const due = performance.now() - last >= INTERVAL;
    tell({ ...numbers, panels: due ? snapshot() : null });
    if (due) last = performance.now();
    if (progress.trialsDone === progress.trialsTotal)
      tell({ kind: 'phase', text: 'Theory and fits of what was drawn' });
  };
}

function relayPhase(tell: Tell): (phase: Phase) => void {
  let last = Number.NEGATIVE_INFINITY;
  return (phase) => {
    if (performance.now() - last < INTERVAL) return;
    last = performance.now();
    tell({ kind: 'phase', text: phaseText(phase) });
  };
}

function messageOf(error: unknown): string {
  if (error instanceof DeviceTooSmall) return [error.message, ...error.changes].join('\n');
  return error instanceof Error ? error.message : String(error);
}

function teller(id: number): Tell {
  return (news) => postMessage({ id, news } satisfies Told);
}

new EngineWorker().listen();
