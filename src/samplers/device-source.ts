import type { Command, Launcher } from '../gpu/launcher.ts';
import { batchOf } from './batch.ts';
import { type TrialSource, TrialStatus } from './sampler.ts';
import type { Trial } from './schedule.ts';
import { openSource } from './source.ts';

/** What a sampler keeps on a device. */
interface DeviceJob<Name extends string, Constant extends string> {
  readonly schedule: Pick<Trial, 'cells'>;
  /** Floats per trial of every buffer. Without `statuses` no factorisation can break down. */
  readonly workspace: Readonly<Record<Name | 'errors', number>> & { readonly statuses?: number };
  /** Buffers that all trials share, with their contents. */
  readonly constants: Readonly<Record<Constant, Float32Array>>;
  /** What a factor's status other than 0 means. */
  readonly brokenStatus?: TrialStatus;
}

/** Creates the buffers of a job on the device, records its commands and runs them batch by batch; only errors come back. */
export async function openDeviceSource<Name extends string, Constant extends string>(
  { schedule, workspace, constants, brokenStatus = TrialStatus.nonPositivePivot }: DeviceJob<Name, Constant>,
  launcher: Launcher,
  capacity: number,
  record: (buffers: Readonly<Record<Name | Constant | 'errors', GPUBuffer>>) => Promise<readonly Command[]>,
): Promise<TrialSource> {
  const sizes = (shared: Readonly<Record<string, Float32Array>>, own: Readonly<Record<string, number>>) => ({
    ...Object.fromEntries(Object.entries(shared).map(([name, values]) => [name, values.length])),
    ...Object.fromEntries(Object.entries(own).map(([name, floats]) => [name, floats * capacity])),
  });
  return openSource<string>(
    {
      words: sizes(constants, workspace),
      contents: constants,
      record: (buffers) => record(buffers as Record<Name | Constant | 'errors', GPUBuffer>),
      results: 'statuses' in workspace ? ['errors', 'statuses'] : ['errors'],
      read: ([errors, statuses], first, count) => {
        const rows = {
          stride: capacity,
          errors: new Float32Array(errors!),
          statuses: statuses ? new Uint32Array(statuses) : null,
        };
        return batchOf(schedule.cells, first, count, rows, brokenStatus);
      },
    },
    launcher,
    capacity,
  );
}
