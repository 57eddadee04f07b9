import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { dirname } from 'node:path';
import type { Block } from '../../bench/block.ts';
import { verdictsOf } from '../../bench/goals.ts';
import type { BenchRecord, Machine, PeerRecord } from '../../bench/record.ts';
import { type BenchOptions, type Measurements, measure } from '../../bench/run.ts';
import { CHOICES, type Choice, USUAL } from '../../bench/suite.ts';
import { markdownText, terminalText } from '../../bench/tables.ts';
import type { AdapterDescription } from '../experiment/results.ts';
import { openNodeGpu } from '../gpu/node/adapters.ts';
import { outputError } from '../report/files-node.ts';
import { commandEntries, figureBlock } from './bench-commands.ts';
import { Peer, peerCommands, peerEntries } from './bench-peers.ts';
import { plansCommand } from './bench-plans.ts';
import { readRecord, reportCommand, textOf, writeFigure } from './bench-report.ts';
import { CliError, Exit } from './exit.ts';
import { packageCommit, packageVersion } from './package.ts';

export interface BenchFlags {
  readonly only?: readonly string[];
  readonly backend: string;
  readonly rounds?: number;
  readonly quick?: boolean;
  readonly json?: boolean;
  readonly markdown?: boolean;
  readonly out?: string;
  readonly from?: readonly string[];
  readonly minutes?: number;
  readonly resume?: boolean;
  readonly figure?: string;
  readonly plans?: readonly string[] | true;
}

/** `collapse bench`: measures, or reads earlier records, and prints the tables. Exit 1 if a row is wrong. */
export async function benchCommand(flags: BenchFlags): Promise<Exit> {
  if (flags.from) return reportCommand(flags.from, flags);
  if (flags.plans) return plansCommand(flags.plans === true ? [] : flags.plans, flags.json ?? false);
  const record = await measured(flags);
  if (flags.out) {
    const path = recordPath(flags.out, record);
    writeRecord(path, record);
    process.stderr.write(`The record is in ${path}.\n`);
  }
  if (flags.figure) await writeFigure(flags.figure, record);
  const { json, markdown } = flags;
  process.stdout.write(json ? textOf(record) : markdown ? markdownText(record) : terminalText(record));
  return record.rows.some(({ verdict }) => verdict === 'wrong') ? Exit.checkFailed : Exit.ok;
}

/** Reads `--only`; all of it by default. */
export function choicesOf(names: readonly string[] = USUAL): readonly Choice[] {
  return names.map((name) => {
    const choice = CHOICES.find((one) => one === name);
    if (!choice) throw new CliError(Exit.wrongExperiment, `--only: found "${name}", need ${CHOICES.join(', ')}`);
    return choice;
  });
}

interface Core {
  readonly measurements: Measurements;
  readonly adapter: AdapterDescription;
  readonly driver: string;
  readonly peers: readonly PeerRecord[];
}

async function measured(flags: BenchFlags): Promise<BenchRecord> {
  const start = performance.now();
  const date = new Date().toISOString();
  const machine = machineNow();
  const { backend } = flags;
  if (backend !== 'node' && backend !== 'chrome' && backend !== 'firefox')
    throw new CliError(Exit.wrongExperiment, `--backend: found "${backend}", need node, chrome or firefox`);
  const recordOf = ({ measurements, adapter, driver, peers }: Core): BenchRecord => ({
    format: 1,
    command: commandLine(),
    date,
    seconds: (performance.now() - start) / 1000,
    version: packageVersion,
    commit: packageCommit,
    backend,
    machine,
    driver,
    adapter,
    peers,
    ...measurements,
    goals: verdictsOf({ ...measurements, adapter }),
  });
  const options: Job = {
    only: choicesOf(flags.only),
    quick: flags.quick ?? false,
    rounds: flags.rounds ?? null,
    seconds: flags.minutes === undefined ? null : 60 * flags.minutes,
    earlier: flags.resume ? earlierRecord(flags.out) : null,
    say: (text) => process.stderr.write(`${text}\n`),
    kept: (core) => {
      if (flags.out) writeRecord(recordPath(flags.out, core), recordOf(core));
    },
  };
  return recordOf(await (backend === 'node' ? inNode(options) : inBrowser(backend, options)));
}

/** What is to be measured; `kept` is told what there is so far. */
interface Job extends Omit<BenchOptions, 'keep'> {
  readonly kept: (core: Core) => void;
}

/** The record that `--resume` goes on with; null where there is none yet. */
function earlierRecord(out: string | undefined): BenchRecord | null {
  if (!out || out.endsWith('/'))
    throw new CliError(Exit.wrongExperiment, '--resume: needs the file of the record, --out FILE');
  return existsSync(out) ? readRecord(out) : null;
}

const commandLine = () => ['collapse', ...process.argv.slice(2)].join(' ');

function machineNow(): Machine {
  const processors = cpus();
  return {
    platform: `${process.platform} ${process.arch}, Node ${process.version}`,
    processor: processors[0]?.model.trim() ?? 'unknown processor',
    cores: processors.length,
    loadBefore: loadavg()[0]!,
  };
}

async function inNode(options: Job): Promise<Core> {
  const { gpu, reason } = await openNodeGpu();
  if (!gpu) throw new CliError(Exit.noDevice, `The benchmarks need a WebGPU adapter, software or not. ${reason}`);
  const started = options.only.includes('peers') ? await startPeers(options.say) : [];
  const peers = started.filter((peer) => peer instanceof Peer);
  const sampleSeconds = options.quick ? 0.01 : 0.5;
  const guests = (block: Block) => [
    ...(options.quick ? [] : commandEntries(block)),
    ...peers.flatMap((peer) => peerEntries(peer, block, sampleSeconds)),
  ];
  const extraBlocks = options.only.includes('samplers') && !options.quick ? [figureBlock()] : [];
  try {
    const driver = `Dawn for Node, Node ${process.version}`;
    const coreOf = (measurements: Measurements): Core => ({
      measurements,
      adapter: gpu.adapter,
      driver,
      peers: started.map(peerRecord),
    });
    const keep = (measurements: Measurements) => options.kept(coreOf(measurements));
    return coreOf(await measure(gpu, { ...options, guests, extraBlocks, keep }));
  } finally {
    for (const peer of peers) peer.close();
    gpu.close();
  }
}

async function startPeers(say: (text: string) => void) {
  const started = [];
  for (const command of peerCommands()) {
    say(`peer ${command.name} starts`);
    started.push(await Peer.start(command));
  }
  return started;
}

function peerRecord(peer: Awaited<ReturnType<typeof Peer.start>>): PeerRecord {
  if (!(peer instanceof Peer)) return { name: peer.name, missing: peer.missing };
  const { name, version, device } = peer.hello;
  return { name, version, device: peer.processes > 1 ? `${device}; ${peer.processes} processes` : device };
}

/** Peers and commands stay outside: they are no part of a browser. */
async function inBrowser(browser: 'chrome' | 'firefox', { say, kept, ...job }: Job): Promise<Core> {
  const only = job.only.filter((choice) => choice !== 'peers');
  const { ask, openRunnerPage } = await import('./chrome-backend.ts');
  // Without this flag Chrome rounds timestamps.
  const { page, device, driver, close } = await openRunnerPage({
    browser,
    flags: ['--enable-webgpu-developer-features'],
  });
  try {
    page.on('console', (message) => say(message.text()));
    const coreOf = (json: string): Core => ({
      measurements: JSON.parse(json) as Measurements,
      adapter: device.adapter,
      driver,
      peers: [],
    });
    await page.exposeFunction('collapseKeep', (json: string) => kept(coreOf(json)));
    return coreOf(await ask(page, 'bench', { ...job, only }));
  } finally {
    await close();
  }
}

/** A path of `--out` that ends with a slash names a folder; the file then bears the adapter's name. */
export function recordPath(out: string, { adapter }: Pick<BenchRecord, 'adapter'>): string {
  if (!out.endsWith('/')) return out;
  const name = (adapter.description || adapter.device || adapter.vendor).split(/[:(]/, 1)[0]!;
  const slug = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, ' ')
    .trim()
    .replaceAll(' ', '-');
  return `${out}bench.${slug || 'unnamed'}.json`;
}

/** Whole or not at all, for the next one may be cut. */
function writeRecord(path: string, record: BenchRecord): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(`${path}.new`, textOf(record));
    renameSync(`${path}.new`, path);
  } catch (error) {
    throw outputError(path, error);
  }
}
