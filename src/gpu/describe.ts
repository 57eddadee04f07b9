import type { AdapterDescription } from '../experiment/results.ts';

/** The limits that decide what fits: asked for in full when a device is opened, and shown in `doctor` and the manifest. */
const NEEDED_LIMITS = [
  'maxStorageBufferBindingSize',
  'maxBufferSize',
  'maxComputeWorkgroupStorageSize',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupSizeX',
  'maxComputeWorkgroupSizeY',
  'maxComputeWorkgroupSizeZ',
  'maxComputeWorkgroupsPerDimension',
  'maxStorageBuffersPerShaderStage',
] as const satisfies readonly (keyof GPUSupportedLimits)[];

/** Names by which CPU implementations give themselves away in any of the four identity strings. */
const SOFTWARE_NAMES = /swiftshader|llvmpipe|lavapipe|softpipe|\bwarp\b|basic render/i;

type AdapterIdentity = Pick<GPUAdapterInfo, 'vendor' | 'architecture' | 'device' | 'description'>;

/** True for CPU implementations of WebGPU: SwiftShader, Mesa's lavapipe, WARP, and whatever calls itself a fallback. */
export function isSoftware(identity: AdapterIdentity, isFallback: boolean): boolean {
  const { vendor, architecture, device, description } = identity;
  return isFallback || SOFTWARE_NAMES.test([vendor, architecture, device, description].join(' '));
}

/** The limits named in `NEEDED_LIMITS`, as plain numbers. */
export function neededLimits(limits: GPUSupportedLimits): Readonly<Record<string, number>> {
  return Object.fromEntries(NEEDED_LIMITS.map((name) => [name, limits[name]]));
}

/** What a reader of results must know about an adapter, as plain data. */
export function describeAdapter(adapter: GPUAdapter): AdapterDescription {
  const { vendor, architecture, device, description, isFallbackAdapter, subgroupMinSize, subgroupMaxSize } =
    adapter.info;
  return {
    vendor,
    architecture,
    device,
    description,
    software: isSoftware(adapter.info, isFallbackAdapter),
    features: [...adapter.features].sort(),
    ...(subgroupMinSize > 0 && subgroupMinSize === subgroupMaxSize ? { subgroup: subgroupMinSize } : {}),
    limits: neededLimits(adapter.limits),
  };
}
