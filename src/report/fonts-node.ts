import { createReadStream, existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress } from 'node:zlib';
import { extract } from 'tar-fs';

/** Where the archive keeps the two faces that figures use. */
const FACES = ['OpenSans-Regular.ttf', 'OpenSans-Bold.ttf'].map((face) => join('fonts', 'Open_Sans', face));

/**
 * Files of Open Sans, unpacked once from the archive that `@sparticuz/chromium` ships: figures look the same on every
 * machine and need no system fonts. Empty where the archive is missing or no folder can be written.
 */
export async function bundledFonts(): Promise<readonly string[]> {
  const home = packageFolder();
  if (home === null) return [];
  const folders = [join(home, '..', '..', '.cache', 'collapse-lab'), join(tmpdir(), 'collapse-lab')];
  for (const folder of folders) {
    const files = await unpackedIn(join(folder, 'fonts'), join(home, 'bin', 'fonts.tar.br'));
    if (files !== null) return files;
  }
  return [];
}

function packageFolder(): string | null {
  try {
    let folder = dirname(createRequire(import.meta.url).resolve('@sparticuz/chromium'));
    while (!existsSync(join(folder, 'bin', 'fonts.tar.br'))) {
      if (dirname(folder) === folder) return null;
      folder = dirname(folder);
    }
    return folder;
  } catch {
    return null;
  }
}

async function unpackedIn(folder: string, archive: string): Promise<readonly string[] | null> {
  const files = FACES.map((face) => join(folder, face));
  if (files.every((file) => existsSync(file))) return files;
  try {
    await unpack(archive, folder);
  } catch {
    // Read-only or full: the caller tries elsewhere.
  }
  return files.every((file) => existsSync(file)) ? files : null;
}

/** Unpacks beside the target and renames, so that a second process never sees half a font. */
async function unpack(archive: string, folder: string): Promise<void> {
  await mkdir(dirname(folder), { recursive: true });
  const fresh = await mkdtemp(`${folder}-`);
  try {
    await pipeline(createReadStream(archive), createBrotliDecompress(), extract(fresh));
    await rename(fresh, folder);
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}
