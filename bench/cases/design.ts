import { gaussianDesign } from '../../src/kernels/design.ts';
import { NORMAL_WORK } from '../../src/program/program.ts';
import { normalsAt, Purpose } from '../../src/reference/normal.ts';
import type { Entry } from '../block.ts';
import type { RowHead } from '../record.ts';
import { dispatch, kernelEntry, readFloats, type Stage, storageBuffer } from '../stage.ts';

const COLUMNS = 256;

/** Standard normals written to memory, as designs are drawn. */
export function designEntry(stage: Stage, block: string, count: number): Entry {
  const rows = count / COLUMNS;
  const head: RowHead = {
    group: 'kernels',
    block,
    contestant: 'collapse',
    name: 'normals',
    shape: { count },
    unit: 'normal',
    flopsPerUnit: 0,
    bytesPerUnit: 4,
  };
  return kernelEntry(stage, head, async (launcher) => {
    const scale = storageBuffer(stage.gpu, 'scale', COLUMNS);
    stage.gpu.device.queue.writeBuffer(scale, 0, new Float32Array(COLUMNS).fill(1));
    const design = storageBuffer(stage.gpu, 'design', count);
    const launch = {
      ...ADDRESS,
      first_row: 0,
      rows,
      into: 0,
      held: rows,
      covered: 0,
      columns: COLUMNS,
      stride: COLUMNS,
      scale_offset: 0,
      factor: 1,
    };
    const grid = { groups: Math.ceil(count / 256), work: NORMAL_WORK * count, constants: { TRANSPOSED: false } };
    const command = await dispatch(launcher, gaussianDesign, { scale, design }, launch, grid);
    const check = async () => {
      const got = await readFloats(stage.gpu, design, (rows - 1) * COLUMNS, COLUMNS);
      let value = 0;
      for (let j = 0; j < COLUMNS; j++)
        value = Math.max(value, Math.abs(got[j]! - normalsAt(KEY, 0, rows - 1, j >> 2, Purpose.design)[j & 3]!));
      return { what: 'largest error of a normal', value, bound: 1e-6 };
    };
    const close = () => {
      scale.destroy();
      design.destroy();
    };
    return { commands: [command], trials: 1, units: count, check, close };
  });
}

const KEY = [5, 0, 1, 0] as const;
const ADDRESS = { seed_low: KEY[0], seed_high: KEY[1], unit: KEY[2], generation: KEY[3] };
