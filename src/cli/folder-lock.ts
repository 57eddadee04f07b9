import { closeSync, openSync, readFileSync, readlinkSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { outputError } from '../report/files-node.ts';
import { CliError, Exit } from './exit.ts';

/** What stands in the lock of a folder: the process that writes there. */
interface Holder {
  readonly host: string;
  readonly pid: number;
  readonly since: string;
  /** What tells this process from a later one of the same number, and its numbers from those of another machine or container. */
  readonly birth: Birth | null;
}

/** From /proc; null where there is none. */
interface Birth {
  /** Of the machine, where it has a name of its own. */
  readonly machine: string | null;
  /** Of the kernel, since it was started. */
  readonly boot: string;
  /** Within which process numbers have their meaning. */
  readonly namespace: string;
  /** Of the process, in ticks since the boot. */
  readonly start: string;
}

const NAME = 'run.lock';

/** A lock that says nothing after so long was left by a process that died while it made it. */
const MOST_MS_TO_WRITE = 5000;

/**
 * Makes the folder this process's until the returned function is called or the process ends; a lock that a dead process left
 * is taken over. Throws a `CliError` that names the holder if there is one.
 */
export function holdFolder(folder: string): () => void {
  const path = join(folder, NAME);
  const text = `${JSON.stringify(self(), null, 2)}\n`;
  while (!create(path, text)) {
    const found = read(path);
    if (found === null) continue;
    refuseIfHeld(path, folder, found);
    remove(path, found);
  }
  const release = () => {
    process.off('exit', release);
    if (read(path) === text) rmSync(path, { force: true });
  };
  process.on('exit', release);
  return release;
}

function self(): Holder {
  return { host: hostname(), pid: process.pid, since: new Date().toISOString(), birth: birthOf(process.pid) };
}

/** False where there is one already. */
function create(path: string, text: string): boolean {
  let file: number;
  try {
    file = openSync(path, 'wx');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw outputError(path, error);
  }
  try {
    writeSync(file, text);
    return true;
  } catch (error) {
    rmSync(path, { force: true });
    throw outputError(path, error);
  } finally {
    closeSync(file);
  }
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw outputError(path, error);
  }
}

function refuseIfHeld(path: string, folder: string, text: string): void {
  const holder = holderIn(text);
  if (holder === null) {
    const age = Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0);
    if (age > MOST_MS_TO_WRITE) return;
    throw new CliError(Exit.broken, `Another run begins in ${folder} at this moment; use another --out.`);
  }
  const { host, pid, since } = holder;
  const who = `process ${pid} on ${host}, since ${since}`;
  switch (fateOf(holder)) {
    case 'ended':
      return;
    case 'alive':
      throw new CliError(
        Exit.broken,
        `Another run writes into ${folder}: ${who}. Wait for it, or use another --out; two runs in one folder would destroy each other's results.`,
      );
    case 'out of sight':
      throw new CliError(
        Exit.broken,
        `Another run may be writing into ${folder}: ${who}, which cannot be seen from here. If it has ended, remove ${path}; else use another --out.`,
      );
  }
}

function holderIn(text: string): Holder | null {
  try {
    const { host, pid, since, birth } = JSON.parse(text);
    if (typeof host !== 'string' || !Number.isSafeInteger(pid) || pid < 1) return null;
    return { host, pid, since: String(since), birth: birth ?? null };
  } catch {
    return null;
  }
}

function fateOf({ host, pid, birth }: Holder): 'alive' | 'ended' | 'out of sight' {
  if (host !== hostname()) return 'out of sight';
  const ours = birthOf(process.pid);
  if (birth && ours) {
    // Another boot of this machine, or another machine of the same name.
    if (birth.boot !== ours.boot) return birth.machine && birth.machine === ours.machine ? 'ended' : 'out of sight';
    if (birth.namespace !== ours.namespace) return 'out of sight';
    const now = birthOf(pid);
    if (now) return now.start === birth.start ? 'alive' : 'ended';
  }
  try {
    process.kill(pid, 0);
    return 'alive';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH' ? 'ended' : 'alive';
  }
}

function birthOf(pid: number): Birth | null {
  try {
    // The second field, the name in brackets, may hold anything; the state is the third, the start the 22nd.
    const fields = readFileSync(`/proc/${pid}/stat`, 'latin1')
      .replace(/^.*\) /s, '')
      .split(' ');
    // A process that has ended and that nobody has taken note of yet writes no more.
    const start = fields[0] === 'Z' ? 'ended' : fields[22 - 3]!;
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
    return { machine: machineId(), boot, namespace: readlinkSync('/proc/self/ns/pid'), start };
  } catch {
    return null;
  }
}

/** Where a process number of this machine means the same: two texts that are equal; null where that cannot be told. */
export function processSpace(): string | null {
  const birth = birthOf(process.pid);
  return birth && `${birth.boot} ${birth.namespace}`;
}

function machineId(): string | null {
  try {
    return readFileSync('/etc/machine-id', 'latin1').trim() || null;
  } catch {
    return null;
  }
}

/**
 * Removes a lock with this text. Whoever else does so at the same moment may have made a new one meanwhile: what is moved aside
 * is looked at, and given back if it is not what was meant.
 */
function remove(path: string, text: string): void {
  const aside = `${path}.${process.pid}`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw outputError(path, error);
  }
  if (read(aside) === text) rmSync(aside, { force: true });
  else renameSync(aside, path);
}
