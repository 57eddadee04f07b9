import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Day, dayParts, mergedRecord, recordParts } from '../../bench/day/report.ts';
import { verdictsOf } from '../../bench/goals.ts';
import { parseRecord } from '../../bench/parse-record.ts';
import type { BenchRecord } from '../../bench/record.ts';
import { markdownOf, type Part, partOf, plainText } from '../../bench/tables.ts';
import { outputError } from '../report/files-node.ts';
import { CliError, Exit } from './exit.ts';

/** Records of earlier measurements as tables and plots. */

export interface ReportFlags {
  readonly json?: boolean;
  readonly markdown?: boolean;
  readonly figure?: string;
}

/** `collapse bench --from PATH...`. Exit 1 if a row is wrong or a test failed. */
export async function reportCommand(paths: readonly string[], flags: ReportFlags): Promise<Exit> {
  const days = paths.filter(isFolder).map(readDay);
  const alone = paths.filter((path) => !isFolder(path)).map(readRecord);
  const records = [...days.flatMap((day) => day.records), ...alone];
  const record = mergedOf(records);
  if (flags.figure) await writeFigure(flags.figure, record);
  process.stdout.write(flags.json ? textOf(record) : textIn(flags, partsOf(days, alone)));
  const failed = days.some(({ tests }) => Object.values(tests ?? {}).some((file) => file.failed.length > 0));
  return failed || records.some(hasWrong) ? Exit.checkFailed : Exit.ok;
}

const hasWrong = ({ rows }: BenchRecord) => rows.some(({ verdict }) => verdict === 'wrong');

const textIn = ({ markdown }: ReportFlags, parts: readonly Part[]) => (markdown ? markdownOf(parts) : plainText(parts));

function partsOf(days: readonly Day[], alone: readonly BenchRecord[]): readonly Part[] {
  if (days.length === 0 && alone.length === 1) return alone.map(partOf);
  return [...days.flatMap(dayParts), ...(alone.length > 0 ? recordParts(alone) : [])];
}

function mergedOf(records: readonly BenchRecord[]): BenchRecord {
  const own = records.filter(({ backend }) => backend === 'node');
  try {
    const merged = mergedRecord(own.length > 0 ? own : records);
    if (merged) return merged;
  } catch (error) {
    throw new CliError(Exit.wrongExperiment, `--from: ${(error as Error).message}`);
  }
  throw new CliError(Exit.wrongExperiment, '--from: found no record of a benchmark');
}

const isFolder = (path: string) => existsSync(path) && statSync(path).isDirectory();

/** The folder of bench/day/day.mjs. */
function readDay(folder: string): Day {
  const path = join(folder, 'day.json');
  if (!existsSync(path))
    throw new CliError(Exit.wrongExperiment, `${folder}: found no day.json, need a day with a card`);
  const tests = join(folder, 'tests.json');
  const day = JSON.parse(readText(path)) as Omit<Day, 'tests' | 'records'>;
  const records = RECORDS.map((name) => join(folder, `${name}.json`)).filter(existsSync);
  return {
    ...day,
    tests: existsSync(tests) ? (JSON.parse(readText(tests)) as Day['tests']) : null,
    records: records.map(readRecord),
  };
}

/** Stages that leave a record. */
const RECORDS: readonly string[] = ['kernels', 'trials', 'tuning', 'chrome', 'firefox'];

export const textOf = (record: BenchRecord) => `${JSON.stringify(record, null, 1)}\n`;

export function readRecord(path: string): BenchRecord {
  const record = parseRecord(readText(path));
  if (typeof record === 'string')
    throw new CliError(Exit.wrongExperiment, `${path} is no record of a benchmark: ${record}`);
  return { ...record, goals: verdictsOf(record) };
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new CliError(Exit.wrongExperiment, `${path}: ${(error as Error).message}`);
  }
}

/** The roofline as SVG, and as PNG beside it; with rows of torch also our rates over its rates, in `…-torch.svg`. */
export async function writeFigure(path: string, record: BenchRecord): Promise<void> {
  const { hasFigure, rooflineFigure } = await import('../../bench/roofline-figure.ts');
  const { torchFigure, torchMarks } = await import('../../bench/torch-figure.ts');
  if (!hasFigure(record)) throw new CliError(Exit.wrongExperiment, `--figure: the record has no kernels below a peak`);
  await drawn(path, (document) => rooflineFigure(record, document));
  if (torchMarks(record).length > 0)
    await drawn(path.replace(/(\.svg)?$/, '-torch.svg'), (document) => torchFigure(record, document));
}

async function drawn(path: string, draw: (document: Document) => SVGSVGElement): Promise<void> {
  const { pngOf, serialised } = await import('../report/figure-node.ts');
  const svg = serialised(draw);
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, svg);
    writeFileSync(path.replace(/(\.svg)?$/, '.png'), await pngOf(svg));
  } catch (error) {
    throw outputError(path, error);
  }
}
