/**
 * Opening a device in Node on whatever adapter this machine has (`COLLAPSE_ADAPTER` chooses).
 *
 * 1. The device is open, computes, and is described with plain data.
 * 2. It has the adapter's limits, not WebGPU's defaults, and the welcome features the adapter has.
 * 3. A validation error makes `assertHealthy` throw it, as soon as a later read-back has come home.
 * 4. A device that goes away by itself is a loss; one closed by its owner is not.
 * 5. No adapter, when none is asked for, comes with a reason.
 * 6. `doctor`'s list names all three kinds, and exactly the adapter that would be opened is the chosen one.
 */
import { afterEach, describe, expect, test } from 'vitest';
import { DeviceLost, type Gpu, GpuValidationError } from '../../src/gpu/gpu.ts';
import { findAdapters, openNodeGpu } from '../../src/gpu/node/adapters.ts';

const opened: Gpu[] = [];

async function open(): Promise<Gpu> {
  const { gpu, reason } = await openNodeGpu();
  if (!gpu) throw new Error(reason);
  opened.push(gpu);
  return gpu;
}

afterEach(() => {
  for (const gpu of opened.splice(0)) gpu.close();
});

/** Doubles 16 integers on the device. */
async function double(device: GPUDevice, code: string): Promise<number[]> {
  const pipeline = device.createComputePipeline({
    layout: 'auto',
    compute: { module: device.createShaderModule({ code }) },
  });
  const data = device.createBuffer({ size: 64, usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC });
  const result = device.createBuffer({ size: 64, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
  const layout = pipeline.getBindGroupLayout(0);
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  pass.setPipeline(pipeline);
  pass.setBindGroup(0, device.createBindGroup({ layout, entries: [{ binding: 0, resource: { buffer: data } }] }));
  pass.dispatchWorkgroups(1);
  pass.end();
  encoder.copyBufferToBuffer(data, 0, result, 0, 64);
  device.queue.submit([encoder.finish()]);
  await result.mapAsync(GPUMapMode.READ);
  return [...new Uint32Array(result.getMappedRange())];
}

const DOUBLE = `
  @group(0) @binding(0) var<storage, read_write> data: array<u32>;
  @compute @workgroup_size(16) fn main(@builtin(local_invocation_index) i: u32) { data[i] = 2 * i; }`;

describe('an open device', () => {
  test('computes and is described with plain data', async () => {
    const gpu = await open();
    expect(await double(gpu.device, DOUBLE)).toEqual(Array.from({ length: 16 }, (_, i) => 2 * i));
    gpu.assertHealthy();
    expect(gpu.backend).toBe('dawn-node');
    expect(JSON.parse(JSON.stringify(gpu.adapter))).toEqual(gpu.adapter);
  });

  test('has the limits and the welcome features of its adapter', async () => {
    const { device, adapter } = await open();
    for (const [name, value] of Object.entries(adapter.limits)) {
      expect(device.limits[name as keyof GPUSupportedLimits], name).toBe(value);
    }
    for (const feature of ['timestamp-query', 'subgroups']) {
      expect(device.features.has(feature), feature).toBe(adapter.features.includes(feature));
    }
  });
});

describe('health', () => {
  test('a validation error is thrown by name after the next read-back', async () => {
    const gpu = await open();
    gpu.device.createBuffer({ size: 4, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.STORAGE });
    await double(gpu.device, DOUBLE);
    expect(() => gpu.assertHealthy()).toThrow(GpuValidationError);
    expect(() => gpu.assertHealthy()).toThrow(/usage/i);
  });

  test('the first error is the one reported', async () => {
    const gpu = await open();
    gpu.device.createBuffer({ size: 4, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.STORAGE });
    gpu.device.createShaderModule({ code: 'fn broken( {' });
    await double(gpu.device, DOUBLE);
    expect(() => gpu.assertHealthy()).toThrow(/usage/i);
  });

  test('a destroyed device is lost', async () => {
    const gpu = await open();
    gpu.device.destroy();
    await gpu.device.lost;
    expect(() => gpu.assertHealthy()).toThrow(DeviceLost);
  });

  test('a closed device is not lost', async () => {
    const gpu = await open();
    gpu.close();
    await gpu.device.lost;
    gpu.assertHealthy();
  });
});

describe('choice', () => {
  test('none is honoured, with a reason', async () => {
    expect(await openNodeGpu('none')).toEqual({ gpu: null, reason: expect.stringContaining('COLLAPSE_ADAPTER=none') });
  });

  test('the adapter found and chosen is the one opened', async () => {
    const gpu = await open();
    const found = await findAdapters();
    expect(found.map(({ kind }) => kind)).toEqual(['gpu', 'system', 'embedded']);
    const chosen = found.filter((candidate) => candidate.chosen);
    expect(chosen.map(({ adapter }) => adapter?.description)).toEqual([gpu.adapter.description]);
    for (const { note } of found) expect(note).not.toBe('');
  });
});
