import type { ImageSet } from './images.ts';

/** A file that is not what its name says. */
export class IdxError extends Error {
  override readonly name = 'IdxError';
}

/** Bytes of an IDX file: two zeros, 8 for bytes, the number of sizes, the sizes as big-endian words, the data. */
export interface IdxBytes {
  readonly sizes: readonly number[];
  readonly data: Uint8Array;
}

const UNSIGNED_BYTES = 8;

export function readIdx(file: Uint8Array): IdxBytes {
  const [zero, alsoZero, type, order] = file;
  if (zero !== 0 || alsoZero !== 0 || type !== UNSIGNED_BYTES || !order)
    throw new IdxError('it does not begin like an IDX file of bytes');
  const header = 4 + 4 * order;
  if (file.length < header) throw new IdxError('it ends within its header');
  const view = new DataView(file.buffer, file.byteOffset, header);
  const sizes = Array.from({ length: order }, (_, i) => view.getUint32(4 + 4 * i));
  const need = sizes.reduce((product, size) => product * size, 1);
  const found = file.length - header;
  if (found !== need) throw new IdxError(`it holds ${found} bytes where ${sizes.join(' x ')} make ${need}`);
  return { sizes, data: file.subarray(header) };
}

/** A file of images and the one of their labels. */
export function imageSet(images: Uint8Array, labels: Uint8Array): ImageSet {
  const { sizes, data } = readIdx(images);
  const { sizes: labelSizes, data: digits } = readIdx(labels);
  if (sizes.length !== 3 || labelSizes.length !== 1 || sizes[0] !== labelSizes[0])
    throw new IdxError(`images of ${sizes.join(' x ')} do not go with labels of ${labelSizes.join(' x ')}`);
  return { pixels: data, digits };
}
