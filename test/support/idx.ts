/** An IDX file of bytes. */
export function idxFile(sizes: readonly number[], data: Uint8Array): Uint8Array {
  const words = sizes.flatMap((size) => [size >>> 24, (size >>> 16) & 255, (size >>> 8) & 255, size & 255]);
  return Uint8Array.from([0, 0, 8, sizes.length, ...words, ...data]);
}
