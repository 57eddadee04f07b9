import { amountText } from './amount.ts';
import type { DispatchStep, Program, Step } from './program.ts';

/** A program as a table of text, one line a step: kernel, grid, work and memory per trial. n is the capacity of the batch. */
export function programText(program: Program): string {
  const rows = [
    ['kernel', 'grid', 'flop', 'random', 'work', 'bytes'],
    ...program.steps.map((step) => rowOf(step, program)),
  ];
  const widths = rows[0]!.map((_, i) => Math.max(...rows.map((row) => (row[i] ?? '').length)));
  return rows
    .map((row) =>
      row
        .map((text, i) => text.padEnd(widths[i]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function rowOf(step: Step, program: Program): readonly string[] {
  switch (step.kind) {
    case 'clear':
      return [`clear ${step.buffer}`];
    case 'copy':
      return [`copy ${step.from.buffer} to ${step.to.buffer}`, `${amountText(step.words)} words`];
    case 'dispatch':
      return [nameOf(step), gridText(step), ...numbersOf(step), String(bytesBound(step, program))];
    default:
      return step satisfies never;
  }
}

function nameOf({ kernel, constants }: DispatchStep): string {
  const set = Object.entries(constants).map(([name, value]) => `${name}=${Number(value)}`);
  return set.length === 0 ? kernel.name : `${kernel.name} [${set.join(' ')}]`;
}

/** Workgroups along x, trials along y and layers along z; or along x alone, where a workgroup serves several trials. */
function gridText({ groups, layers, trialsPerGroup }: DispatchStep): string {
  const along = trialsPerGroup === null ? `${groups} x n` : `${groups} x n/${trialsPerGroup}`;
  return layers === 1 ? along : `${along} x ${layers}`;
}

const numbersOf = ({ flops, normals, work }: DispatchStep) =>
  [flops, normals, work].map((count) => (count === 0 ? '0' : count.toPrecision(3)));

/** Of the buffers that are bound: those of a trial, and those that all trials share. */
function bytesBound({ buffers }: DispatchStep, program: Program): number {
  const names = new Set<string>(Object.values(buffers));
  return [...names].reduce((sum, name) => sum + 4 * (program.buffers.get(name)?.words ?? 0), 0);
}
