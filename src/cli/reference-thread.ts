import { join } from 'node:path';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { type Backend, referenceBackend } from '../engine/backend.ts';
import { jobKey } from '../engine/journal.ts';
import { partsOf } from '../engine/parts.ts';
import type { JsonObject } from '../experiment/experiment.ts';
import { parseExperiment } from '../experiment/parse.ts';
import { type PlannedJob, planExperiment, REFERENCE_LIMITS } from '../plan/plan.ts';
import type { TrialBatch, TrialSource } from '../program/trials.ts';
import { joined } from '../program/trials.ts';
import { regimes } from '../regimes/index.ts';
import { samplersWith } from '../samplers/index.ts';
import { imagesFromDisk } from './images-file.ts';
import { packageRoot } from './package.ts';

/**
 * The f64 reference in a thread of its own, for trials that take long: nothing is heard in a thread that computes, neither Ctrl-C nor
 * the end of a session. The thread runs this same program, finds the job by its key and sends trials as they are finished.
 */

/** Operations of a trial from which on it is worth a thread: some 10 ms by the nominal rate, which may be far from the true one. */
const LONG = 5e6;

interface Question {
  readonly key: string;
  readonly first: number;
  readonly count: number;
}

type Answer =
  | { readonly kind: 'part'; readonly part: TrialBatch }
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly name: string; readonly message: string };

/** The reference for the jobs of this file, short ones in this thread. */
export function threadedReference(file: JsonObject): Backend {
  let worker: Worker | null = null;
  const end = () => {
    void worker?.terminate();
    worker = null;
  };
  const open = (job: PlannedJob): TrialSource => ({
    capacity: Number.POSITIVE_INFINITY,
    run: async (first, count, signal) => {
      worker ??= new Worker(join(packageRoot, 'dist', 'cli', 'collapse.js'), { workerData: JSON.stringify(file) });
      const parts: TrialBatch[] = [];
      const finished = await answered(worker, { key: jobKey(job, 'f64'), first, count }, parts, signal);
      if (!finished) end();
      return joined(first, parts);
    },
    close: () => {},
  });
  return {
    ...referenceBackend,
    open: async (job, capacity) =>
      job.cost.operationsPerTrial > LONG ? open(job) : referenceBackend.open(job, capacity),
    close: end,
  };
}

/** Collects the parts of the answer; false where the signal came before its end. */
function answered(worker: Worker, question: Question, parts: TrialBatch[], signal?: AbortSignal): Promise<boolean> {
  return new Promise<boolean>((resolve, reject) => {
    const settle = (act: () => void) => {
      worker.off('message', hear).off('error', fail).off('exit', gone);
      signal?.removeEventListener('abort', stop);
      act();
    };
    const hear = (answer: Answer) => {
      switch (answer.kind) {
        case 'part':
          parts.push(answer.part);
          break;
        case 'done':
          settle(() => resolve(true));
          break;
        case 'failed':
          settle(() => reject(Object.assign(new Error(answer.message), { name: answer.name })));
          break;
        default:
          answer satisfies never;
      }
    };
    const fail = (error: Error) => settle(() => reject(error));
    const gone = () => settle(() => reject(new Error('The thread of the reference ended.')));
    const stop = () => settle(() => resolve(false));
    worker.on('message', hear).on('error', fail).on('exit', gone);
    signal?.addEventListener('abort', stop);
    if (signal?.aborted) stop();
    else worker.postMessage(question);
  });
}

/** In the thread: answers questions one after the other, for as long as anyone asks. */
export function serveReference(): void {
  if (isMainThread || !parentPort) throw new Error('This is no thread of the reference.');
  const port = parentPort;
  const tell = (answer: Answer) => port.postMessage(answer);
  const samplers = samplersWith(imagesFromDisk());
  const experiment = parseExperiment(JSON.parse(workerData as string) as JsonObject, regimes, [...samplers.keys()]);
  const { jobs } = planExperiment(experiment, regimes, samplers, REFERENCE_LIMITS);
  const sources = new Map<string, TrialSource>();
  const sourceOf = (key: string): TrialSource => {
    const planned = jobs.find((job) => jobKey(job, 'f64') === key);
    if (!planned) throw new Error('The command was built from other sources; run npm run build.');
    return planned.sampler.openReference(planned.job);
  };
  port.on('message', async ({ key, first, count }: Question) => {
    try {
      const source = sources.get(key) ?? sourceOf(key);
      sources.set(key, source);
      for await (const part of partsOf(source, first, count)) tell({ kind: 'part', part });
      tell({ kind: 'done' });
    } catch (error) {
      const { name, message } = error instanceof Error ? error : new Error(String(error));
      tell({ kind: 'failed', name, message });
    }
  });
}
