import { constants, existsSync } from 'node:fs';
import { access, chmod, lstat, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';

/**
 * A folder `name` filled once by `fill` and reused ever after: inside `preferred` if that can be written, else in a
 * private folder of the system's temporary directory. The folder appears by a rename, so it is complete whenever it
 * exists, and two processes may do this at once.
 */
export async function cachedFolder(
  preferred: string,
  name: string,
  fill: (folder: string) => Promise<void>,
): Promise<string> {
  const known = join(preferred, name);
  if (existsSync(known)) return known;
  const root = (await isWritable(preferred)) ? preferred : await privateTemporaryFolder();
  const target = join(root, name);
  if (!existsSync(target)) await fillAndRename(target, fill);
  return target;
}

async function fillAndRename(target: string, fill: (folder: string) => Promise<void>): Promise<void> {
  const partial = await mkdtemp(`${target}.partial-`);
  try {
    await fill(partial);
    await chmod(partial, 0o755);
    await rename(partial, target);
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    // Another process may have been faster: its folder is as good as ours.
    if (!existsSync(target)) throw error;
  }
}

async function isWritable(folder: string): Promise<boolean> {
  try {
    await mkdir(folder, { recursive: true });
    await access(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** Code is loaded from here, so on a shared machine the folder must be ours and closed to others. */
async function privateTemporaryFolder(): Promise<string> {
  const { uid } = userInfo();
  const folder = join(tmpdir(), `collapse-lab-${uid}`);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const found = await lstat(folder);
  if (!found.isDirectory() || found.uid !== uid || (found.mode & 0o022) !== 0) {
    throw new Error(`${folder} is not a private folder of this user; remove it or set TMPDIR to another place.`);
  }
  return folder;
}
