import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Block, Entry, OpenEntry, Question } from '../../bench/block.ts';
import { NotPossible } from '../../bench/block.ts';
import { expectedMean } from '../../bench/cases/trials.ts';
import type { Check, PeerRecord, RowHead } from '../../bench/record.ts';
import { packageRoot } from './package.ts';

/** Contestants in processes of their own, by the protocol of bench/peers/README.md. */

/** How a peer is started, and how many of it work at once. */
export interface PeerCommand {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly processes: number;
}

/** What a peer says when it has started. */
export type Hello =
  | { readonly name: string; readonly missing: string }
  | {
      readonly name: string;
      readonly version: string;
      readonly device: string;
      readonly cases: readonly string[];
      readonly methods?: readonly string[] | Readonly<Record<string, string>>;
    };

export type Answer = { readonly seconds: readonly number[]; readonly check: number } | { readonly unsupported: string };

interface Request {
  readonly case: string;
  readonly shape: Readonly<Record<string, unknown>>;
  readonly repeats: number;
  readonly seed: number;
}

const HELLO_SECONDS = 120;
const ANSWER_SECONDS = 600;

/** The peers that come with the project; a file named `*_peer.py` or `*.mjs` in the folder is one. */
export function peerCommands(folder = join(packageRoot, 'bench', 'peers')): readonly PeerCommand[] {
  const files = existsSync(folder) ? readdirSync(folder).sort() : [];
  return files.flatMap((file): PeerCommand[] => {
    const path = join(folder, file);
    const name = file.replace(/(_peer)?\.(py|mjs)$/, '');
    if (file.endsWith('_peer.py'))
      return [{ name, command: 'python3', args: [path], processes: name === 'numpy' ? cpus().length : 1 }];
    if (file.endsWith('.mjs') && !file.startsWith('_'))
      return [{ name, command: process.execPath, args: [path], processes: 1 }];
    return [];
  });
}

/** One process: asks it one thing at a time. */
class PeerProcess {
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;
  #problem = '';

  constructor({ command, args }: PeerCommand) {
    this.#child = spawn(command, args, {
      cwd: packageRoot,
      stdio: ['pipe', 'pipe', 'ignore'],
      env: { ...process.env, OPENBLAS_NUM_THREADS: '1', OMP_NUM_THREADS: '1', MKL_NUM_THREADS: '1' },
    });
    this.#child.on('error', (error) => {
      this.#problem = error.message;
    });
    this.#child.stdin!.on('error', () => {});
    this.#lines = createInterface({ input: this.#child.stdout! })[Symbol.asyncIterator]();
  }

  hello(): Promise<Hello> {
    return this.#next<Hello>(HELLO_SECONDS);
  }

  ask(request: Request): Promise<Answer> {
    this.#child.stdin!.write(`${JSON.stringify(request)}\n`);
    return this.#next<Answer>(ANSWER_SECONDS);
  }

  close(): void {
    this.#child.stdin!.end();
    this.#child.kill();
  }

  async #next<T>(seconds: number): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`no answer for ${seconds} s`)), 1000 * seconds);
    });
    try {
      const { value, done } = await Promise.race([this.#lines.next(), late]);
      if (done) throw new Error(this.#problem || 'it ended without an answer');
      return JSON.parse(value) as T;
    } finally {
      clearTimeout(timer);
    }
  }
}

/** A peer that said hello, in as many processes as it works in. */
export class Peer {
  readonly hello: Extract<Hello, { readonly cases: readonly string[] }>;
  readonly #processes: readonly PeerProcess[];

  private constructor(hello: Peer['hello'], processes: readonly PeerProcess[]) {
    this.hello = hello;
    this.#processes = processes;
  }

  /** The peer, or why it is missing. */
  static async start(command: PeerCommand): Promise<Peer | Extract<PeerRecord, { readonly missing: string }>> {
    const processes = Array.from({ length: command.processes }, () => new PeerProcess(command));
    const end = () => {
      for (const one of processes) one.close();
    };
    try {
      const [hello] = await Promise.all(processes.map((one) => one.hello()));
      if (!('missing' in hello!)) return new Peer(hello!, processes);
      end();
      return hello;
    } catch (error) {
      end();
      return { name: command.name, missing: error instanceof Error ? error.message : String(error) };
    }
  }

  get processes(): number {
    return this.#processes.length;
  }

  /** Ways to draw a trial; a single null where the peer has only one. */
  get methods(): readonly (string | null)[] {
    const { methods } = this.hello;
    if (!methods) return [null];
    return Array.isArray(methods) ? methods : Object.keys(methods);
  }

  /**
   * The same request to every process at once, with seeds of their own. Seconds in which all of them together do what one
   * was asked for: rates add up. Throws `NotPossible`.
   */
  async ask(request: Request): Promise<{ readonly seconds: number; readonly check: number }> {
    const answers = await Promise.all(
      this.#processes.map((one, i) => one.ask({ ...request, seed: request.seed + 1000 * i })),
    );
    let rate = 0;
    let check = 0;
    for (const answer of answers) {
      if ('unsupported' in answer) throw new NotPossible(answer.unsupported);
      rate += answer.seconds.length / answer.seconds.reduce((sum, one) => sum + one, 0);
      check += answer.check / answers.length;
    }
    return { seconds: 1 / rate, check };
  }

  close(): void {
    for (const one of this.#processes) one.close();
  }
}

/** Rows of a peer in a block. */
export function peerEntries(peer: Peer, { question }: Block, sampleSeconds: number): readonly Entry[] {
  if (!question || !peer.hello.cases.includes(question.case)) return [];
  const methods = question.case === 'trial' ? peer.methods.filter((method) => isAsked(method, question)) : [null];
  return methods.map((method) => {
    const contestant = method === null ? peer.hello.name : `${peer.hello.name} ${method}`;
    const head: RowHead = { ...question.head, contestant };
    return { head, open: () => openQuestion(peer, question, method, sampleSeconds) };
  });
}

/** Variants of a method, which have a hyphen in their names, are asked for whole jobs only. */
function isAsked(method: string | null, { head }: Question): boolean {
  return head.group === 'samplers' || method === null || !method.includes('-');
}

async function openQuestion(
  peer: Peer,
  question: Question,
  method: string | null,
  sampleSeconds: number,
): Promise<OpenEntry> {
  let seed = 1;
  const note = peer.processes > 1 ? `${peer.processes} processes at once` : '';
  if (question.case !== 'trial') {
    const ask = () => peer.ask({ case: question.case, shape: question.shape, repeats: 1, seed: seed++ });
    const { check } = await ask();
    const sample = async () => (await ask()).seconds;
    return { units: question.units, check: kernelCheck(question, check), note, sample, close: () => {} };
  }
  const means: number[] = [];
  const ask = async (trials: number) => {
    const shape = { ...question.shape, trials, ...(method === null ? {} : { method }) };
    return peer.ask({ case: 'trial', shape, repeats: 1, seed: seed++ });
  };
  const trials = await trialsFor(sampleSeconds, async (count) => (await ask(count)).seconds);
  return {
    units: trials,
    check: null,
    note,
    close: () => {},
    sample: async () => {
      const { seconds, check } = await ask(trials);
      means.push(check);
      return seconds;
    },
    finalCheck: () => trialCheck(question.shape, means, trials * peer.processes),
  };
}

/** Trials that take about as long as a repeat should, in few steps: some peers compile anew for every number of them. */
async function trialsFor(seconds: number, ask: (trials: number) => Promise<number>): Promise<number> {
  let trials = 1;
  for (let step = 0; step < 3; step++) {
    const took = await ask(trials);
    const wanted = Math.min(Math.floor((trials * seconds) / Math.max(took, 1e-4)), 64 * trials, MOST_TRIALS);
    if (wanted < 2 * trials) return trials;
    trials = wanted;
  }
  return trials;
}

/** In a request. */
const MOST_TRIALS = 2 ** 14;

function kernelCheck({ case: name }: Question, value: number): Check {
  if (name === 'normals') return { what: '|mean| sqrt(count)', value, bound: 5 };
  if (name === 'choice' || name === 'multinomial')
    return { what: 'standard deviations of the count of the first token from its mean', value, bound: 5 };
  if (name === 'perceptron' || name === 'encoder')
    return { what: 'relative distance of the gradient from that in double precision', value, bound: 1e-4 };
  return { what: 'relative residual', value, bound: 1e-3 };
}

/** A wrong experiment shows; the spread of a trial about its mean is taken for the mean itself. */
function trialCheck(shape: Parameters<typeof expectedMean>[0], means: readonly number[], trials: number): Check | null {
  const expected = expectedMean(shape);
  if (expected === null || means.length === 0) return null;
  const mean = means.reduce((sum, one) => sum + one, 0) / means.length;
  const bound = Math.max(0.05, 5 / Math.sqrt(trials * means.length));
  return { what: 'relative distance of the mean from theory', value: Math.abs(mean / expected - 1), bound };
}
