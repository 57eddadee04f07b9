import type { Budget } from './budget.ts';
import type { Check, Row, RowHead } from './record.ts';

/** One contestant of a block before it is set up. */
export interface Entry {
  readonly head: RowHead;
  /** Sets up, checks the result of the very shape that is timed, and warms up. Throws `NotPossible` with the reason. */
  open(): Promise<OpenEntry>;
}

/** A contestant at work. Whoever opens it closes it. */
export interface OpenEntry {
  /** Units of one repeat. */
  readonly units: number;
  readonly check: Check | null;
  readonly note?: string;
  /** Seconds of one repeat. */
  sample(): Promise<number>;
  /** What could be known only after the repeats; else `check` stands. */
  finalCheck?(): Check | null;
  close(): void;
}

/** Contestants that take turns. */
export interface Block {
  readonly name: string;
  readonly entries: readonly Entry[];
  /** What other people's libraries are asked in the same block. */
  readonly question?: Question;
}

/** A job that peers understand as well: the case `trial` of bench/peers/README.md. */
export interface TrialShape {
  readonly d: number;
  readonly samples: number;
  readonly generatorSamples: number;
  readonly generations: readonly number[];
  readonly ridges: readonly number[];
  readonly exponent: number | null;
}

/** A request of bench/peers/README.md, and what one of its answers counts for. */
export type Question =
  | {
      readonly case:
        | 'matmul'
        | 'gram'
        | 'cholesky'
        | 'eigh'
        | 'normals'
        | 'choice'
        | 'multinomial'
        | 'perceptron'
        | 'encoder';
      readonly shape: Readonly<Record<string, number>>;
      /** Head of the rows, contestant aside. */
      readonly head: Omit<RowHead, 'contestant'>;
      /** Units of one repeat. */
      readonly units: number;
    }
  | { readonly case: 'trial'; readonly shape: TrialShape; readonly head: Omit<RowHead, 'contestant'> };

/** A contestant cannot take part: too small a device, a case it does not have. */
export class NotPossible extends Error {
  override readonly name = 'NotPossible';
}

export interface BlockOptions {
  readonly rounds: number;
  /** A contestant that has used up this many seconds of its block drops out after its second repeat. */
  readonly mostSeconds: number;
  /** Once it is over, nobody gets ready any more and the round under way ends with the contestant whose turn it is. */
  readonly budget: Budget;
  readonly say: (text: string) => void;
  /** Told the rows as they are after every round. */
  readonly keep: (rows: readonly Row[]) => void;
}

export interface Measured {
  readonly rows: readonly Row[];
  /** Whether everybody had the repeats that a row is made of; else the budget ended before. */
  readonly whole: boolean;
}

interface Turn {
  readonly entry: Entry;
  readonly open: OpenEntry | null;
  readonly problem: Pick<Row, 'verdict' | 'note'> | null;
  readonly seconds: number[];
}

/** Opens every contestant, then round by round one repeat of each, so that a slow minute of the machine hits all of them. */
export async function runBlock(block: Block, options: BlockOptions): Promise<Measured> {
  const { rounds, mostSeconds, budget, say, keep } = options;
  const turns: Turn[] = [];
  try {
    for (const entry of block.entries) {
      say(`${block.name}: ${entry.head.contestant} gets ready`);
      turns.push(budget.over ? late(entry) : await ready(entry));
    }
    for (let round = 0; round < rounds && !budget.over; round++) {
      say(`${block.name}: round ${round + 1} of ${rounds}`);
      for (const turn of turns) if (!budget.over) await takeTurn(turn, mostSeconds);
      keep(turns.map(rowOf));
    }
    const least = Math.min(rounds, LEAST_REPEATS);
    const whole = turns.every(({ open, problem, seconds }) => (open ? seconds.length >= least : problem !== LATE));
    return { rows: turns.map(rowOf), whole };
  } finally {
    for (const { open } of turns) open?.close();
  }
}

/** Repeats that everybody gets, however slow. */
const LEAST_REPEATS = 2;

const LATE: Turn['problem'] = { verdict: 'missing', note: 'the time was over' };

const late = (entry: Entry): Turn => ({ entry, open: null, problem: LATE, seconds: [] });

async function ready(entry: Entry): Promise<Turn> {
  try {
    return { entry, open: await entry.open(), problem: null, seconds: [] };
  } catch (error) {
    const missing = error instanceof NotPossible || (error instanceof Error && error.name === 'DeviceTooSmall');
    if (!missing && !entry.head.contestant.startsWith('collapse')) return failed(entry, error);
    if (!missing) throw error;
    return { entry, open: null, problem: { verdict: 'missing', note: (error as Error).message }, seconds: [] };
  }
}

const failed = (entry: Entry, error: unknown): Turn => ({
  entry,
  open: null,
  problem: { verdict: 'failed', note: error instanceof Error ? error.message : String(error) },
  seconds: [],
});

async function takeTurn({ open, seconds }: Turn, mostSeconds: number): Promise<void> {
  if (!open) return;
  const spent = seconds.reduce((sum, one) => sum + one, 0);
  if (seconds.length >= LEAST_REPEATS && spent >= mostSeconds) return;
  seconds.push(await open.sample());
}

function rowOf({ entry, open, problem, seconds }: Turn): Row {
  if (!open || seconds.length === 0)
    return { ...entry.head, units: 0, seconds, check: null, ...(problem ?? LATE) } as Row;
  const check = open.finalCheck?.() ?? open.check;
  const right = check === null || check.value <= check.bound;
  return {
    ...entry.head,
    units: open.units,
    seconds: [...seconds],
    check,
    verdict: right ? 'ok' : 'wrong',
    note: open.note ?? '',
  };
}
