import type { BenchRecord, GoalVerdict, Overlap, Roofline, Row } from './record.ts';
import { rateOf, shareOf } from './statistics.ts';

/** The ratios that the project set out to show, held against the rows of one run. */

type Measured = Pick<BenchRecord, 'rows' | 'overlaps' | 'roofline' | 'adapter'>;

interface Value {
  readonly value: number;
  readonly from: string;
}

interface Goal {
  readonly what: string;
  readonly unit: GoalVerdict['unit'];
  /** At least this, or at most this for seconds and for shares that are losses. */
  readonly threshold: number;
  readonly aim: number | null;
  readonly atMost?: boolean;
  /** A processor in the place of a GPU says nothing about it. */
  readonly needsGpu?: boolean;
  /** A reason in words where the rows are not there. */
  measure(run: Measured): Value | string;
}

export function verdictsOf(run: Measured): readonly GoalVerdict[] {
  return GOALS.map((goal) => verdictOf(goal, run));
}

function verdictOf({ what, unit, threshold, aim, atMost, needsGpu, measure }: Goal, run: Measured): GoalVerdict {
  const common = { what, unit, threshold, aim };
  const missing = (from: string) => ({ ...common, value: null, verdict: 'not measured', from }) as const;
  if (needsGpu && run.adapter.software) return missing('needs a real GPU; this adapter is software');
  const measured = measure(run);
  if (typeof measured === 'string') return missing(measured);
  const met = atMost ? measured.value <= threshold : measured.value >= threshold;
  return { ...common, ...measured, verdict: met ? 'met' : 'missed' };
}

const is = (name: RegExp) => (row: Row) => name.test(row.contestant);

/** Contestants of one block: the fastest of `ours` over the fastest of `theirs`, of rows that are right. */
function ratio({ rows }: Measured, block: string, ours: RegExp, theirs: RegExp): Value | string {
  const mine = fastest(rows, block, ours);
  const other = fastest(rows, block, theirs);
  if (mine === null) return `no right row of ours in "${block}"`;
  if (other === null) return `no right row of theirs in "${block}"`;
  const from = `${block}: ${mine.row.contestant} / ${other.row.contestant}`;
  return { value: mine.rate / other.rate, from };
}

function fastest(rows: readonly Row[], block: string, contestant: RegExp) {
  return rows
    .filter((row) => row.block === block && row.verdict === 'ok' && is(contestant)(row))
    .map((row) => ({ row, rate: rateOf(row)! }))
    .reduce<{ row: Row; rate: number } | null>((best, one) => (best && best.rate >= one.rate ? best : one), null);
}

/** The worst of several blocks, for "at least"; blocks without both contestants do not count. */
function worstRatio(run: Measured, blocks: readonly string[], ours: RegExp, theirs: RegExp): Value | string {
  const ratios = blocks.map((block) => ratio(run, block, ours, theirs)).filter((one) => typeof one !== 'string');
  if (ratios.length === 0) return `no block of ${blocks.join(', ')} has right rows of both`;
  return ratios.reduce((worst, one) => (one.value < worst.value ? one : worst));
}

/** The worst share of the peak. */
function worstShare({ rows, roofline }: Measured, blocks: readonly string[]): Value | string {
  const shares = rows
    .filter((row) => blocks.includes(row.block) && row.verdict === 'ok' && is(/^collapse/)(row))
    .flatMap((row) => shareValue(row, roofline));
  if (shares.length === 0) return `no right row of ${blocks.join(', ')}`;
  return shares.reduce((worst, one) => (one.value < worst.value ? one : worst));
}

function shareValue(row: Row, roofline: Roofline | null): Value[] {
  const value = shareOf(row, roofline);
  return value === null ? [] : [{ value, from: `${row.block} x ${row.shape.batch}` }];
}

/** Seconds for so many trials at the rate of a block's fastest sampler. */
function secondsFor({ rows }: Measured, block: string, trials: number): Value | string {
  const best = fastest(rows, block, /^collapse/);
  if (best === null) return `no right row in "${block}"`;
  return { value: trials / best.rate, from: `${block}: ${best.row.contestant}, extrapolated to ${trials} trials` };
}

function seconds({ rows }: Measured, block: string): Value | string {
  const best = fastest(rows, block, /^collapse/);
  return best === null ? `no right row in "${block}"` : { value: best.row.units / best.rate, from: block };
}

function worstOverlap({ overlaps }: Measured, share: (overlap: Overlap) => number | null): Value | string {
  const values = overlaps.flatMap((overlap) => {
    const value = share(overlap);
    return value === null ? [] : [{ value, from: `${overlap.sampler}, d = ${overlap.d}` }];
  });
  if (values.length === 0) return 'no whole run was timed, or the device has no clock';
  return values.reduce((worst, one) => (one.value > worst.value ? one : worst));
}

/** Share of a run in which the device had no pass under way. */
export const idleShare = ({ wallSeconds, busySeconds }: Overlap) =>
  busySeconds === null ? null : Math.max(0, 1 - busySeconds / wallSeconds);

/** Share of a run outside the launcher: read-back, statistics, the rest of JavaScript. */
export const hostShare = ({ wallSeconds, executeSeconds }: Overlap) => Math.max(0, 1 - executeSeconds / wallSeconds);

/** NumPy as it is usually written, in any precision; its versions of our samplers are not what people have. */
const NUMPY = /^numpy (solve|cho_solve|eigh)\b/;
const COMMAND = /^collapse command/;
const sizes = (name: string, ...orders: readonly number[]) => orders.map((order) => `${name} ${order}`);
const gpu = { needsGpu: true } as const;

const GOALS: readonly Goal[] = [
  {
    what: 'reference job, start-up included, against the best NumPy method on all cores',
    unit: 'times',
    threshold: 100,
    aim: 500,
    measure: (run) => ratio(run, 'reference job', COMMAND, NUMPY),
  },
  {
    what: 'the same with power-law spectrum 1.5',
    unit: 'times',
    threshold: 2,
    aim: 10,
    measure: (run) => ratio(run, 'reference job, power law 1.5', COMMAND, NUMPY),
  },
  {
    what: 'reference job, start-up included, against the same sampler vectorised in NumPy',
    unit: 'times',
    threshold: 1,
    aim: null,
    measure: (run) => ratio(run, 'reference job', COMMAND, /^numpy bidiagonal-vectorised/),
  },
  {
    what: 'power-law spectrum 1.5, start-up included, against one tridiagonal form by LAPACK for all ridges',
    unit: 'times',
    threshold: 1,
    aim: 2,
    measure: (run) => ratio(run, 'reference job, power law 1.5', COMMAND, /^numpy wishart-tridiagonal$/),
  },
  {
    what: 'bidiagonal against direct, d = 1024, T = 2048, 64 ridges',
    unit: 'times',
    threshold: 1000,
    aim: 10_000,
    measure: (run) => ratio(run, 'd = 1024, 64 ridges', /^collapse bidiagonal$/, /^collapse direct$/),
  },
  {
    what: 'Figure 1, 1000 trials per point, whole command',
    unit: 's',
    threshold: 60,
    aim: null,
    atMost: true,
    measure: (run) => seconds(run, 'figure 1'),
  },
  {
    what: 'd = 4096, 10 000 trials, 20 ridges, 4 generations',
    unit: 's',
    threshold: 600,
    aim: null,
    atMost: true,
    measure: (run) => secondsFor(run, 'd = 4096, 20 ridges', 10_000),
  },
  {
    what: 'direct against jax-js on this adapter, whole trial, worst size',
    unit: 'times',
    threshold: 10,
    aim: null,
    measure: (run) => worstRatio(run, sizes('trial', 16, 32, 64, 128, 256, 512), /^collapse direct$/, /^jax-js/),
  },
  {
    what: 'networks that are trained, against jax-js on this adapter, worst kind',
    unit: 'times',
    threshold: 1.5,
    aim: 4,
    measure: (run) => worstRatio(run, ['perceptron', 'encoder'], /^collapse$/, /^jax-js/),
  },
  {
    ...gpu,
    what: 'Gram, order 512 and more, of the peak, worst size',
    unit: 'share',
    threshold: 0.35,
    aim: 0.55,
    measure: (run) => worstShare(run, sizes('gram', 512, 1024, 2048)),
  },
  {
    ...gpu,
    what: 'batched Cholesky 32 .. 256 against torch, worst size',
    unit: 'times',
    threshold: 1,
    aim: 2,
    measure: (run) => worstRatio(run, sizes('cholesky', 32, 64, 128, 256), /^collapse/, /^(py)?torch/),
  },
  {
    ...gpu,
    what: 'Cholesky 512 and more against torch, worst size',
    unit: 'times',
    threshold: 0.6,
    aim: 1,
    measure: (run) => worstRatio(run, sizes('cholesky', 512, 1024, 2048, 4096, 8192), /^collapse/, /^(py)?torch/),
  },
  {
    ...gpu,
    what: 'Cholesky 64 and 128 of the peak, worst size',
    unit: 'share',
    threshold: 0.05,
    aim: 0.12,
    measure: (run) => worstShare(run, sizes('cholesky', 64, 128)),
  },
  {
    ...gpu,
    what: 'whole direct trial, d up to 128, against torch, worst size',
    unit: 'times',
    threshold: 1.5,
    aim: 4,
    measure: (run) => worstRatio(run, sizes('trial', 16, 32, 64, 128), /^collapse direct$/, /^(py)?torch/),
  },
  {
    ...gpu,
    what: 'device idle in a whole run, worst run',
    unit: 'share',
    threshold: 0.1,
    aim: 0.03,
    atMost: true,
    measure: (run) => worstOverlap(run, idleShare),
  },
  {
    ...gpu,
    what: 'JavaScript and read-back in a whole run',
    unit: 'share',
    threshold: 0.05,
    aim: 0.01,
    atMost: true,
    measure: (run) => worstOverlap(run, hostShare),
  },
];
