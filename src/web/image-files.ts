import { imageSet } from '../samplers/images/idx.ts';
import { type ImageSource, ImagesAbsent } from '../samplers/images/images.ts';
import { type ImageFiles, knownFiles, MNIST } from '../samplers/images/mnist.ts';
import type { Saved } from './saved.ts';
import type { Images } from './store.ts';

/** The four files of MNIST: taken from the visitor, told by their contents, and kept in the browser. */

/** Whether this browser has them all. */
export async function lookForImages(saved: Saved): Promise<Images> {
  try {
    return (await missing(saved)).length === 0 ? 'here' : 'absent';
  } catch {
    return 'absent';
  }
}

async function missing(saved: Saved): Promise<readonly string[]> {
  const names = knownFiles(MNIST).map(({ name }) => name);
  const found = await Promise.all(names.map((name) => saved.bytes(name)));
  return names.filter((_, i) => found[i] === null);
}

/** Keeps those of the files that are the published ones, packed by gzip or not, whatever they are called. */
export async function installImages(files: readonly Blob[], saved: Saved): Promise<Images> {
  try {
    let strange = 0;
    for (const file of files) {
      const bytes = await unpacked(new Uint8Array(await file.arrayBuffer()));
      const sha256 = await sha256Of(bytes);
      const known = knownFiles(MNIST).find((one) => one.sha256 === sha256);
      if (known) await saved.keepBytes(known.name, bytes);
      else strange += 1;
    }
    const left = await missing(saved);
    if (left.length === 0) return 'here';
    const why = strange === 0 ? '' : `${strange} of these files are not the published ones, by their SHA-256. `;
    return { problem: `${why}Still missing: ${left.join(', ')}.` };
  } catch (error) {
    return { problem: `The files could not be taken: ${error instanceof Error ? error.message : String(error)}` };
  }
}

async function unpacked(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

async function sha256Of(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const { subtle } = globalThis.crypto;
  if (!subtle) throw new Error('this page can check files only at https or localhost');
  const digest = new Uint8Array(await subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** The images that are kept. */
export function keptImages(saved: Saved, files: ImageFiles = MNIST): ImageSource {
  const bytes = async (name: string) => {
    const found = await saved.bytes(name);
    if (found) return found;
    throw new ImagesAbsent(`The images of ${files.name} are not in this browser: choose the four files under Images.`);
  };
  const set = async ({ images, labels }: ImageFiles['test']) =>
    imageSet(await bytes(images.name), await bytes(labels.name));
  return async () => ({ training: await set(files.training), test: await set(files.test) });
}
