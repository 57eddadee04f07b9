import type { Command, Launcher } from '../gpu/launcher.ts';
import { openDeviceSource } from './device-source.ts';
import type { GramBuffers } from './gram-commands.ts';
import type { TrialSource } from './sampler.ts';
import type { Trial } from './schedule.ts';

/** Buffers that all trials share. */
type Shared = 'scale' | 'deviations';

/** Floats per trial of every buffer but those that all trials share. */
type Workspace<Name extends string> = Readonly<Record<Name | Exclude<keyof GramBuffers, Shared>, number>>;

/** What all trials of a job have in common. */
interface Constants {
  /** Spectra that inputs are drawn with, one after the other; the first is that of the test inputs. */
  readonly spectra: readonly (readonly number[])[];
  /** Standard deviations of shifts, one after the other. */
  readonly deviations: readonly (readonly number[])[];
}

/** Creates the buffers of a job on the device, records its commands and runs them batch by batch. */
export function openGramSource<Name extends string>(
  schedule: Trial,
  workspace: Workspace<Name>,
  launcher: Launcher,
  capacity: number,
  record: (buffers: GramBuffers & Readonly<Record<Name | 'deviations', GPUBuffer>>) => Promise<readonly Command[]>,
  { spectra, deviations }: Constants = { spectra: [schedule.spectrum], deviations: [] },
): Promise<TrialSource> {
  const constants = {
    scale: Float32Array.from(spectra.flat(), Math.sqrt),
    deviations: Float32Array.from(deviations.flat()),
  };
  return openDeviceSource<Name | Exclude<keyof GramBuffers, Shared>, Shared>(
    { schedule, workspace, constants },
    launcher,
    capacity,
    record,
  );
}
