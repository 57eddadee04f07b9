import type { Launcher } from '../../src/gpu/launcher.ts';
import { bidiagonalRows, ridgeResponse4, TRIALS_PER_GROUP } from '../../src/kernels/bidiagonal.ts';
import { chiPairAt } from '../../src/reference/chi.ts';
import { ROW_FLOPS } from '../../src/samplers/linear/bidiagonal/program.ts';
import { columnsOf, dampedLeastSquares } from '../../src/samplers/linear/bidiagonal/solve.ts';
import type { Entry } from '../block.ts';
import type { Check, RowHead } from '../record.ts';
import { dispatch, kernelEntry, readFloats, type Stage, storageBuffer } from '../stage.ts';

/** The two kernels of the bidiagonal sampler: its random rows, and what ridges make of them. */

interface Shape {
  readonly d: number;
  readonly samples: number;
  readonly ridges: number;
  readonly trials: number;
}

/** Normals a row takes: its own and two chi numbers of two each. */
const NORMALS_PER_ROW = 5;
const KEY = [7, 0, 1, 0] as const;
const ADDRESS = { seed_low: KEY[0], seed_high: KEY[1], unit: KEY[2], generation: KEY[3] };

export function bidiagonalEntries(stage: Stage, block: string, shape: Shape): Entry[] {
  const { d, samples, ridges, trials } = shape;
  const order = Math.min(d, samples);
  const head = (name: string, rest: Pick<RowHead, 'unit' | 'flopsPerUnit' | 'bytesPerUnit'>): RowHead => ({
    group: 'kernels',
    block,
    contestant: 'collapse',
    name,
    shape: { ...shape },
    ...rest,
  });
  const flops = ROW_FLOPS * order * ridges * trials;
  const bytes = 12 * order * trials * (ridges / 4);
  return [
    kernelEntry(
      stage,
      head('bidiagonal rows', { unit: 'normal', flopsPerUnit: 0, bytesPerUnit: 12 / 5 }),
      async (l) => {
        const setup = await open(stage, l, shape);
        const units = NORMALS_PER_ROW * order * trials;
        return { ...setup, commands: [setup.drawRows], trials, units, check: setup.rowsCheck };
      },
    ),
    kernelEntry(
      stage,
      head('ridge response', { unit: 'flop', flopsPerUnit: 1, bytesPerUnit: bytes / flops }),
      async (launcher) => {
        const setup = await open(stage, launcher, shape);
        await launcher.execute([setup.drawRows], 0, trials);
        return { ...setup, commands: [setup.respond], trials, units: flops, check: setup.responsesCheck };
      },
    ),
  ];
}

async function open(stage: Stage, launcher: Launcher, { d, samples, ridges, trials }: Shape) {
  const order = Math.min(d, samples);
  const rows = storageBuffer(stage.gpu, 'rows', 3 * order * trials);
  const penalties = storageBuffer(stage.gpu, 'penalties', ridges);
  const responses = storageBuffer(stage.gpu, 'responses', 6 * ridges * trials);
  const values = Float32Array.from({ length: ridges }, (_, i) => samples * 10 ** (-4 + (5 * i) / ridges));
  stage.gpu.device.queue.writeBuffer(penalties, 0, values);
  const size = { trials, samples, columns: d };
  const blocks = Math.ceil(order / 4);
  const drawing = { groups: blocks, work: 200 * order, trialsPerGroup: TRIALS_PER_GROUP };
  const address = { ...ADDRESS, ...size, items: blocks };
  const drawRows = await dispatch(launcher, bidiagonalRows, { rows }, address, drawing);
  const buffers = { rows, penalties, responses };
  const answering = { groups: ridges / 4, work: ROW_FLOPS * order * ridges, trialsPerGroup: TRIALS_PER_GROUP };
  const respond = await dispatch(launcher, ridgeResponse4, buffers, { ...size, items: ridges / 4 }, answering);
  /** Number `k` of a batch-minor array, of the last trial. */
  const column = async (buffer: GPUBuffer, numbers: number) => {
    const all = await readFloats(stage.gpu, buffer, 0, numbers * trials);
    return Float64Array.from({ length: numbers }, (_, k) => all[k * trials + trials - 1]!);
  };
  return {
    drawRows,
    respond,
    rowsCheck: async (): Promise<Check> => {
      const got = await column(rows, 3 * order);
      let value = 0;
      for (let i = 0; i < order; i++) {
        const expected = chiPairAt(KEY, trials - 1, i, [samples - i, d - 1 - i]);
        for (const c of [0, 1] as const)
          value = Math.max(value, Math.abs(got[3 * i + c]! - expected[c]) / Math.max(1, expected[c]));
      }
      return { what: 'largest relative error of a chi number', value, bound: 2e-5 };
    },
    responsesCheck: async (): Promise<Check> => {
      const entries = await column(rows, 3 * order);
      // Component r of item i lies at [i][k][trial][r]; the ridge is the last one.
      const all = await readFloats(stage.gpu, responses, 0, 6 * ridges * trials);
      const last = (k: number) => all[4 * ((6 * (ridges / 4 - 1) + k) * trials + trials - 1) + 3]!;
      const expected = responseOf(entries, { d, samples }, values[ridges - 1]!);
      const errors = expected.map((value, k) => Math.abs(last(k) - value));
      return { what: 'largest error of b and v', value: Math.max(...errors), bound: 1e-5 };
    },
    close: () => {
      for (const buffer of [rows, penalties, responses]) buffer.destroy();
    },
  };
}

/** b and v: the part along the labelling model of the solution without noise and of that with noise alone. */
function responseOf(rows: Float64Array, { d, samples }: Pick<Shape, 'd' | 'samples'>, penalty: number) {
  const order = Math.min(d, samples);
  const part = (c: number) => Float64Array.from({ length: order }, (_, i) => rows[3 * i + c]!);
  const matrix = { columns: columnsOf(samples, d), diagonal: part(0), above: part(1), noise: part(2) };
  const none = new Float64Array(matrix.columns);
  const pull = none.slice();
  pull[0] = -Math.sqrt(penalty);
  const bias = dampedLeastSquares(matrix, penalty, new Float64Array(order), pull)[0]!;
  return [bias, dampedLeastSquares(matrix, penalty, matrix.noise, none)[0]!];
}
