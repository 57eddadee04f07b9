import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { dirname } from 'node:path';
import type { Block } from '../../bench/block.ts';
import { verdictsOf } from '../../bench/goals.ts';
import { parseRecord } from '../../bench/parse-record.ts';
import type { BenchRecord, Machine, PeerRecord } from '../../bench/record.ts';
import { type BenchOptions, type Measurements, measure } from '../../bench/run.ts';
import { CHOICES, type Choice } from '../../bench/suite.ts';
import { markdownText, terminalText } from '../../bench/tables.ts';
import type { AdapterDescription } from '../experiment/results.ts';
import { openNodeGpu } from '../gpu/node/adapters.ts';
import { outputError } from '../report/files-node.ts';
import { commandEntries, figureBlock } from './bench-commands.ts';
import { Peer, peerCommands, peerEntries } from './bench-peers.ts';
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
  readonly from?: string;
  readonly figure?: string;
}

/** `collapse bench`: measures, or reads an earlier record, and prints the tables. Exit 1 if a row is wrong. */
export async function benchCommand(flags: BenchFlags): Promise<Exit> {
  const record = flags.from ? readRecord(flags.from) : await measured(flags);
  const text = `${JSON.stringify(record, null, 1)}\n`;
  if (flags.out) writeRecord(recordPath(flags.out, record), text);
  if (flags.figure) await writeFigure(flags.figure, record);
  process.stdout.write(flags.json ? text : flags.markdown ? markdownText(record) : terminalText(record));
  return record.rows.some(({ verdict }) => verdict === 'wrong') ? Exit.checkFailed : Exit.ok;
}

/** Reads `--only`; all of it by default. */
export function choicesOf(names: readonly string[] = CHOICES): readonly Choice[] {
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
  if (backend !== 'node' && backend !== 'chrome')
    throw new CliError(Exit.wrongExperiment, `--backend: found "${backend}", need node or chrome`);
  const options: BenchOptions = {
    only: choicesOf(flags.only),
    quick: flags.quick ?? false,
    rounds: flags.rounds ?? null,
    say: (text) => process.stderr.write(`${text}\n`),
  };
  const core = backend === 'chrome' ? await inChrome(options) : await inNode(options);
  const { measurements, adapter } = core;
  return {
    format: 1,
    command: commandLine(),
    date,
    seconds: (performance.now() - start) / 1000,
    version: packageVersion,
    commit: packageCommit,
    backend,
    machine,
    driver: core.driver,
    adapter,
    peers: core.peers,
    ...measurements,
    goals: verdictsOf({ ...measurements, adapter }),
  };
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

async function inNode(options: BenchOptions): Promise<Core> {
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
    const measurements = await measure(gpu, { ...options, guests, extraBlocks });
    const driver = `Dawn for Node, Node ${process.version}`;
    return { measurements, adapter: gpu.adapter, driver, peers: started.map(peerRecord) };
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
async function inChrome({ only, quick, rounds, say }: BenchOptions): Promise<Core> {
  const choices = only.filter((choice) => choice !== 'peers');
  const { ask, openRunnerPage } = await import('./chrome-backend.ts');
  // Without this flag Chrome rounds timestamps.
  const { page, device, driver, close } = await openRunnerPage({ flags: ['--enable-webgpu-developer-features'] });
  try {
    page.on('console', (message) => say(message.text()));
    const measurements = JSON.parse(await ask(page, 'bench', { only: choices, quick, rounds })) as Measurements;
    return { measurements, adapter: device.adapter, driver, peers: [] };
  } finally {
    await close();
  }
}

/** A path that ends with a slash names a folder; the file then bears the adapter's name. */
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

function readRecord(path: string): BenchRecord {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new CliError(Exit.wrongExperiment, `${path}: ${(error as Error).message}`);
  }
  const record = parseRecord(text);
  if (typeof record === 'string')
    throw new CliError(Exit.wrongExperiment, `${path} is no record of a benchmark: ${record}`);
  return { ...record, goals: verdictsOf(record) };
}

/** The roofline as SVG, and as PNG beside it. */
async function writeFigure(path: string, record: BenchRecord): Promise<void> {
  const { hasFigure, rooflineFigure } = await import('../../bench/roofline-figure.ts');
  const { pngOf, serialised } = await import('../report/figure-node.ts');
  if (!hasFigure(record)) throw new CliError(Exit.wrongExperiment, `--figure: the record has no kernels below a peak`);
  const svg = serialised((document) => rooflineFigure(record, document));
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, svg);
    writeFileSync(path.replace(/(\.svg)?$/, '.png'), await pngOf(svg));
  } catch (error) {
    throw outputError(path, error);
  }
}

function writeRecord(path: string, text: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    process.stderr.write(`The record is in ${path}.\n`);
  } catch (error) {
    throw outputError(path, error);
  }
}
