import address from '../../shaders/random/address.wgsl?raw';
import chi from '../../shaders/random/chi.wgsl?raw';
import normal from '../../shaders/random/normal.wgsl?raw';
import threefry from '../../shaders/random/threefry.wgsl?raw';

/** Launch fields that `random/address.wgsl` reads. */
export const ADDRESS_LAUNCH = { seed_low: 'u32', seed_high: 'u32', unit: 'u32', generation: 'u32' } as const;

/** Shader text a kernel includes to draw normals by address. */
export const RANDOM_INCLUDES: readonly string[] = [threefry, normal, address];

/** Shader text a kernel includes to draw chi numbers by address as well. */
export const CHI_INCLUDES: readonly string[] = [...RANDOM_INCLUDES, chi];

/** A chi number takes the work of two normals: proposal and acceptance. */
export const CHI_NORMALS = 2;
