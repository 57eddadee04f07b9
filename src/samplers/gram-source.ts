import type { Command, Launcher } from '../gpu/launcher.ts';
import type { Schedule } from './chain-schedule.ts';
import { openDeviceSource } from './device-source.ts';
import type { GramBuffers } from './gram-commands.ts';
import type { TrialSource } from './sampler.ts';

/** Floats per trial of every buffer but `scale`, which all trials share. */
type Workspace<Name extends string> = Readonly<Record<Name | Exclude<keyof GramBuffers, 'scale'>, number>>;

/** Creates the buffers of a job on the device, records its commands and runs them batch by batch. */
export function openGramSource<Name extends string>(
  schedule: Schedule,
  workspace: Workspace<Name>,
  launcher: Launcher,
  capacity: number,
  record: (buffers: GramBuffers & Readonly<Record<Name, GPUBuffer>>) => Promise<readonly Command[]>,
): Promise<TrialSource> {
  const constants = { scale: Float32Array.from(schedule.spectrum, Math.sqrt) };
  return openDeviceSource<Name | Exclude<keyof GramBuffers, 'scale'>, 'scale'>(
    { schedule, workspace, constants },
    launcher,
    capacity,
    record,
  );
}
