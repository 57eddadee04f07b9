import type { JsonObject } from './experiment.ts';

/** FNV-1a, 64 bit (Fowler, Noll, Vo; draft-eastlake-fnv): names results, protects nothing. */
const offset = 0xcbf29ce484222325n;
const prime = 0x100000001b3n;

export function fnv1a64(bytes: Uint8Array): bigint {
  return bytes.reduce((hash, byte) => BigInt.asUintN(64, (hash ^ BigInt(byte)) * prime), offset);
}

/** 16 hexadecimal digits of an experiment's canonical form (`Experiment.file`). */
export function experimentHash(file: JsonObject): string {
  const bytes = new TextEncoder().encode(JSON.stringify(file));
  return fnv1a64(bytes).toString(16).padStart(16, '0');
}
