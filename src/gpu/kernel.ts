import tgpu, { type TgpuBindGroupLayout } from 'typegpu';
import * as d from 'typegpu/data';

/** WGSL type and access of a storage buffer, as the shader sees it. */
export type BufferType = readonly ['f32' | 'vec4f' | 'u32' | 'atomic<u32>', 'read' | 'read_write'];

/** First fields of every launch: where along x this dispatch begins, and the absolute number of the batch's trial 0. */
interface CommonLaunch {
  readonly first_group: 'u32';
  readonly first_trial: 'u32';
}

/**
 * A compute kernel before it meets a device: the shader's text, and its interface as TypeGPU values, from which the WGSL
 * declarations are printed. Group 0 holds the data, group 1 the launch parameters at a dynamic offset.
 */
export interface KernelDefinition<
  Buffers extends Record<string, BufferType> = Record<string, BufferType>,
  Launch extends Record<string, 'u32' | 'f32'> = Record<string, 'u32' | 'f32'>,
> {
  /** Path of the shader below `shaders/`, without the ending. */
  readonly name: string;
  readonly code: string;
  readonly buffers: Buffers;
  readonly launch: Launch & CommonLaunch;
  /** Operations that it does in the time that others take for one. */
  readonly rate: number;
}

/** Whole module text of a kernel: declarations and overrides, then what it includes, then the shader itself. */
export function defineKernel<
  const Buffers extends Record<string, BufferType>,
  const Launch extends Record<string, 'u32' | 'f32'>,
>(definition: {
  readonly name: string;
  /** WGSL features the shader enables; the device must have them. */
  readonly enables?: readonly 'subgroups'[];
  readonly includes?: readonly string[];
  readonly source: string;
  readonly buffers: Buffers;
  readonly launch: Launch;
  /** As measured beside others on a processor; 1 where absent. */
  readonly rate?: number;
}): KernelDefinition<Buffers, Launch> {
  const launch = { first_group: 'u32', first_trial: 'u32', ...definition.launch } as const;
  const declarations = tgpu.resolve([dataLayout(definition.buffers), launchLayout(launch)]);
  const enables = (definition.enables ?? []).map((feature) => `enable ${feature};`);
  const { overrides, rest } = apart([...(definition.includes ?? []), definition.source].join('\n'));
  return {
    name: definition.name,
    code: [...enables, declarations, ...overrides, rest].join('\n'),
    buffers: definition.buffers,
    launch,
    rate: definition.rate ?? 1,
  };
}

/**
 * Its overrides, one to a line, come first: where one follows an array whose size depends on another, what naga makes of the
 * module ends the driver's process.
 */
function apart(source: string): { readonly overrides: readonly string[]; readonly rest: string } {
  const OVERRIDE = /^override .*;$/gm;
  return { overrides: source.match(OVERRIDE) ?? [], rest: source.replace(OVERRIDE, '') };
}

const ELEMENT = { f32: d.f32, vec4f: d.vec4f, u32: d.u32, 'atomic<u32>': d.atomic(d.u32) } as const;

function dataLayout(buffers: Record<string, BufferType>): TgpuBindGroupLayout {
  const entries = Object.entries(buffers).map(([name, [element, access]]) => [
    name,
    {
      storage: (count: number) => d.arrayOf(ELEMENT[element], count),
      access: access === 'read' ? 'readonly' : 'mutable',
    } as const,
  ]);
  return tgpu.bindGroupLayout(Object.fromEntries(entries)).$idx(0);
}

function launchLayout(launch: Record<string, 'u32' | 'f32'>): TgpuBindGroupLayout {
  const fields = Object.entries(launch).map(([name, type]) => [name, ELEMENT[type]] as const);
  return tgpu.bindGroupLayout({ launch: { uniform: d.struct(Object.fromEntries(fields)).$name('Launch') } }).$idx(1);
}

/** Bytes between two launches in the uniform buffer: WebGPU's largest allowed offset alignment. */
export const LAUNCH_BYTES = 256;

/** A kernel compiled for a device. */
export interface Kernel<
  Buffers extends Record<string, BufferType> = Record<string, BufferType>,
  Launch extends Record<string, 'u32' | 'f32'> = Record<string, 'u32' | 'f32'>,
> {
  readonly definition: KernelDefinition<Buffers, Launch>;
  readonly pipeline: GPUComputePipeline;
  bind(buffers: Record<keyof Buffers, GPUBuffer>): GPUBindGroup;
}

/** Compiles each kernel once per device and set of override constants. */
export class KernelCache {
  readonly #device: GPUDevice;
  readonly #kernels = new Map<string, Promise<Kernel>>();
  readonly launchLayout: GPUBindGroupLayout;

  constructor(device: GPUDevice) {
    this.#device = device;
    this.launchLayout = device.createBindGroupLayout({
      label: 'launch',
      entries: [
        {
          binding: 0,
          visibility: GPU_COMPUTE,
          buffer: { type: 'uniform', hasDynamicOffset: true, minBindingSize: LAUNCH_BYTES },
        },
      ],
    });
  }

  get<B extends Record<string, BufferType>, L extends Record<string, 'u32' | 'f32'>>(
    definition: KernelDefinition<B, L>,
    constants: Record<string, number | boolean> = {},
  ): Promise<Kernel<B, L>> {
    const key = `${definition.name} ${JSON.stringify(constants)}`;
    let kernel = this.#kernels.get(key);
    if (!kernel) {
      kernel = compile(this.#device, this.launchLayout, definition as unknown as KernelDefinition, constants);
      this.#kernels.set(key, kernel);
    }
    return kernel as unknown as Promise<Kernel<B, L>>;
  }
}

/** `GPUShaderStage.COMPUTE`; Dawn for Node does not put WebGPU's constants into the global scope. */
const GPU_COMPUTE = 4;

async function compile(
  device: GPUDevice,
  launchLayout: GPUBindGroupLayout,
  definition: KernelDefinition,
  constants: Record<string, number | boolean>,
): Promise<Kernel> {
  const dataLayout = device.createBindGroupLayout({
    label: definition.name,
    entries: Object.values(definition.buffers).map(([, access], binding) => ({
      binding,
      visibility: GPU_COMPUTE,
      buffer: { type: access === 'read' ? 'read-only-storage' : 'storage' },
    })),
  });
  const module = device.createShaderModule({ label: definition.name, code: definition.code });
  const pipeline = await device.createComputePipelineAsync({
    label: definition.name,
    layout: device.createPipelineLayout({ bindGroupLayouts: [dataLayout, launchLayout] }),
    compute: {
      module,
      constants: Object.fromEntries(Object.entries(constants).map(([name, value]) => [name, Number(value)])),
    },
  });
  return {
    definition,
    pipeline,
    bind: (buffers) =>
      device.createBindGroup({
        label: definition.name,
        layout: dataLayout,
        entries: Object.keys(definition.buffers).map((name, binding) => ({
          binding,
          resource: { buffer: buffers[name]! },
        })),
      }),
  };
}
