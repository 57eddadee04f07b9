/**
 * Plan. Bringing images, on files made here, without a network:
 * - taken from a folder, packed or not, they are in the cache byte by byte and read back as images
 * - one byte altered, in the source or later in the cache: refused by name with both hashes, and nothing is copied
 * - a file that is not there: named; images that were never brought: the sentence names the command and the folder
 * - the built command says so and ends with 3 before it draws anything; another name than mnist ends with 2
 * The true files are known by four different SHA-256 sums.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { installFrom } from '../../src/cli/data.ts';
import { Exit } from '../../src/cli/exit.ts';
import { type ImageFiles, imagesFolder, knownFiles, MNIST, readImages } from '../../src/cli/images-file.ts';
import { ImagesAbsent } from '../../src/samplers/images/images.ts';
import { idxFile } from '../support/idx.ts';

const root = mkdtempSync(join(tmpdir(), 'collapse-images-'));
afterAll(() => rmSync(root, { recursive: true }));

const bytes = {
  'a-images': idxFile([2, 1, 3], Uint8Array.of(1, 2, 3, 4, 5, 6)),
  'a-labels': idxFile([2], Uint8Array.of(7, 4)),
  'b-images': idxFile([1, 1, 3], Uint8Array.of(9, 8, 7)),
  'b-labels': idxFile([1], Uint8Array.of(3)),
};
const known = (name: keyof typeof bytes) => ({
  name,
  sha256: createHash('sha256').update(bytes[name]).digest('hex'),
});
const files: ImageFiles = {
  name: 'tiny',
  training: { images: known('a-images'), labels: known('a-labels') },
  test: { images: known('b-images'), labels: known('b-labels') },
};

/** A folder with the four files, one of them packed, and perhaps one replaced. */
function folderWith(name: string, altered: Partial<Record<keyof typeof bytes, Uint8Array | null>> = {}): string {
  const folder = join(root, name);
  mkdirSync(folder);
  for (const [file, original] of Object.entries(bytes)) {
    const content = altered[file as keyof typeof bytes] === undefined ? original : altered[file as keyof typeof bytes];
    if (!content) continue;
    if (file === 'b-images') writeFileSync(join(folder, `${file}.gz`), gzipSync(content));
    else writeFileSync(join(folder, file), content);
  }
  return folder;
}

describe('images from a folder', () => {
  it('are copied and read', async () => {
    const target = join(root, 'cache', 'tiny');
    await installFrom(files, folderWith('good'), target);
    expect(readdirSync(target).toSorted()).toEqual(Object.keys(bytes).toSorted());
    const { training, test } = await readImages(files, target);
    expect([...training.pixels]).toEqual([1, 2, 3, 4, 5, 6]);
    expect([...training.digits]).toEqual([7, 4]);
    expect([[...test.pixels], [...test.digits]]).toEqual([[9, 8, 7], [3]]);
  });

  it('are refused where a byte differs', async () => {
    const wrong = bytes['b-images'].with(18, 6);
    const target = join(root, 'refused');
    const refusal = expect.objectContaining({
      exit: Exit.noFiles,
      message: expect.stringMatching(new RegExp(`^b-images .*${known('b-images').sha256}`)),
    });
    await expect(installFrom(files, folderWith('altered', { 'b-images': wrong }), target)).rejects.toEqual(refusal);
    expect(existsSync(target)).toBe(false);
    await installFrom(files, folderWith('again'), target);
    writeFileSync(join(target, 'b-images'), wrong);
    await expect(readImages(files, target)).rejects.toEqual(refusal);
  });

  it('are named where they lack', async () => {
    const folder = folderWith('three', { 'a-labels': null });
    await expect(installFrom(files, folder, join(root, 'none'))).rejects.toThrow(/neither a-labels nor a-labels\.gz/);
    await expect(readImages(files, join(root, 'nowhere'))).rejects.toThrow(ImagesAbsent);
    await expect(readImages(files, join(root, 'nowhere'))).rejects.toThrow(
      /nowhere lacks a-images.*\n.*collapse data tiny/,
    );
  });
});

it('MNIST is known by its sums', () => {
  expect(new Set(knownFiles(MNIST).map(({ sha256 }) => sha256)).size).toBe(4);
  for (const { sha256 } of knownFiles(MNIST)) expect(sha256).toMatch(/^[0-9a-f]{64}$/);
  expect(imagesFolder('mnist', { XDG_CACHE_HOME: '/c' })).toBe(join('/c', 'collapse-lab', 'mnist'));
});

describe('the command', () => {
  const command = join(import.meta.dirname, '../../dist/cli/collapse.js');
  const collapse = (...args: string[]) =>
    spawnSync(process.execPath, [command, ...args], {
      cwd: root,
      encoding: 'utf8',
      env: { ...process.env, COLLAPSE_ADAPTER: 'none', XDG_CACHE_HOME: join(root, 'empty') },
    });

  it('says how to get images that are not here', () => {
    const { status, stderr } = collapse('run', 'demystified-fig5', '--backend', 'reference', '--trials', '1');
    expect(status).toBe(Exit.noFiles);
    expect(stderr).toMatch(/npx collapse data mnist /);
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  it('knows one set of images and reads no other folder', () => {
    expect(collapse('data', 'cifar').status).toBe(Exit.wrongExperiment);
    const { status, stderr } = collapse('data', 'mnist', '--from', folderWith('not-mnist'));
    expect(status).toBe(Exit.noFiles);
    expect(stderr).toMatch(/train-images-idx3-ubyte/);
    expect(readFileSync(join(root, 'not-mnist', 'a-labels'))).toEqual(Buffer.from(bytes['a-labels']));
  });
});
