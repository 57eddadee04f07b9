import { hostShare, idleShare } from './goals.ts';
import type { BenchRecord, GoalVerdict, Group, Row, Unit } from './record.ts';
import { rateOf, shareOf, timingOf } from './statistics.ts';

/** A record as tables, for a terminal or for docs/benchmarks.md. */

export interface Table {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** Lines that stand before tables, and the tables. */
export interface Part {
  readonly lines: readonly string[];
  readonly tables: readonly Table[];
}

export const terminalText = (record: BenchRecord): string => plainText([partOf(record)]);
export const markdownText = (record: BenchRecord): string => markdownOf([partOf(record)]);

export function plainText(parts: readonly Part[]): string {
  return parts.flatMap(({ lines, tables }) => [`${lines.join('\n')}\n`, ...tables.map(plainTable)]).join('\n');
}

export function markdownOf(parts: readonly Part[]): string {
  const texts = parts.flatMap(({ lines, tables }) => [lines.join('\\\n'), ...tables.map(markdownTable)]);
  return `${texts.filter((text) => text !== '').join('\n\n')}\n`;
}

export const partOf = (record: BenchRecord): Part => ({ lines: provenance(record), tables: tablesOf(record) });

/** Where, when and how, and what to think of it. */
export function provenance(record: BenchRecord): string[] {
  const { adapter, driver, machine, commit, version, date, command, rounds, sampleSeconds, seconds, roofline } = record;
  return [
    `Adapter: ${adapter.description || adapter.device}${adapter.software ? ' (SOFTWARE: says nothing of the speed of a GPU)' : ''}`,
    `Driver: ${driver}; ${machine.processor}, ${machine.cores} cores, ${machine.platform}, load before ${machine.loadBefore.toFixed(2)}`,
    `collapse-lab ${version}, commit ${commit ?? 'unknown'}, ${date}, ${Math.round(seconds)} s: ${command}`,
    `${rounds} rounds in turns, ${sampleSeconds} s per repeat; median (quartiles)`,
    ...(roofline ? [driftSentence(roofline)] : []),
    ...(record.unfinished?.length
      ? [`CUT by its budget of time, not measured or not wholly: ${record.unfinished.join(', ')}`]
      : []),
  ];
}

function driftSentence({ flops, bytes, drift, allowedDrift }: NonNullable<BenchRecord['roofline']>): string {
  const peaks = `Peaks: ${digits(flops.peak / 1e9)} GFLOP/s (${flops.kernel}), ${digits(bytes.peak / 1e9)} GB/s (${bytes.kernel})`;
  if (drift === null) return `${peaks}; read only before: the measurement was cut`;
  const verdict = drift <= allowedDrift ? 'steady' : 'UNSTEADY: do not quote this run';
  return `${peaks}; before and after differ by ${percent(drift)}, allowed ${percent(allowedDrift)}: ${verdict}`;
}

function tablesOf(record: BenchRecord): Table[] {
  const groups: readonly (readonly [Group, string])[] = [
    ['kernels', 'Kernels'],
    ['trials', 'Whole trials'],
    ['samplers', 'Whole jobs'],
    ['networks', 'Networks that are trained'],
    ['tuning', 'Rows of the tuning table'],
  ];
  return [
    ...groups.map(([group, title]) => rowTable(record, group, title)).filter(({ rows }) => rows.length > 0),
    ...(record.overlaps.length > 0 ? [overlapTable(record)] : []),
    ...(record.peers.length > 0 ? [peerTable(record)] : []),
    goalTable(record.goals),
  ];
}

function rowTable(record: BenchRecord, group: Group, title: string): Table {
  const head = ['what', 'contestant', 'shape', 'time', 'rate', 'of peak', 'check', 'verdict'];
  const rows = record.rows
    .filter((row) => row.group === group)
    .map((row) => [
      row.group === 'kernels' || row.group === 'tuning' ? row.name : row.block,
      row.contestant,
      shapeText(row),
      timeText(row),
      rateText(row),
      percent(shareOf(row, record.roofline)),
      checkText(row),
      row.note && row.verdict !== 'ok' ? `${row.verdict}: ${row.note}` : row.verdict,
    ]);
  return { title, head, rows };
}

function overlapTable({ overlaps }: BenchRecord): Table {
  return {
    title: 'Where the time of a run goes',
    head: ['sampler', 'd', 'trials', 'batches', 'time', 'device idle', 'JavaScript and read-back'],
    rows: overlaps.map((overlap) => [
      overlap.sampler,
      ...[overlap.d, overlap.trials, overlap.batches].map(String),
      timeOf(overlap.wallSeconds),
      percent(idleShare(overlap)),
      percent(hostShare(overlap)),
    ]),
  };
}

function peerTable({ peers }: BenchRecord): Table {
  const rows = peers.map((peer) =>
    'missing' in peer ? [peer.name, '–', `missing: ${peer.missing}`] : [peer.name, peer.version, peer.device],
  );
  return { title: 'Peers', head: ['peer', 'version', 'device'], rows };
}

function goalTable(goals: readonly GoalVerdict[]): Table {
  const amount = (value: number | null, unit: GoalVerdict['unit']) =>
    value === null ? '–' : unit === 'share' ? percent(value) : unit === 's' ? timeOf(value) : `${digits(value)} x`;
  return {
    title: 'Goals',
    head: ['goal', 'measured', 'must', 'aim', 'verdict', 'from'],
    rows: goals.map(({ what, value, unit, threshold, aim, verdict, from }) => [
      what,
      ...[value, threshold, aim].map((one) => amount(one, unit)),
      verdict,
      from,
    ]),
  };
}

export function shapeText({ shape }: Row): string {
  const parts = Object.entries(shape).map(
    ([name, value]) => `${name} ${Number.isInteger(value) ? value : digits(value)}`,
  );
  return parts.join(', ');
}

function timeText(row: Row): string {
  const timing = timingOf(row);
  return timing ? `${timeOf(timing.median)} (${timeOf(timing.low)} .. ${timeOf(timing.high)})` : '–';
}

export function timeOf(seconds: number): string {
  if (seconds >= 1) return `${digits(seconds)} s`;
  return seconds >= 1e-3 ? `${digits(1e3 * seconds)} ms` : `${digits(1e6 * seconds)} µs`;
}

const RATES: Readonly<Record<Unit, readonly [number, string]>> = {
  flop: [1e9, 'GFLOP/s'],
  byte: [1e9, 'GB/s'],
  word: [1e9, 'G words/s'],
  normal: [1e9, 'G normals/s'],
  draw: [1e6, 'M draws/s'],
  example: [1e3, 'thousand examples/s'],
  trial: [1, 'trials/s'],
};

export function rateText(row: Row): string {
  const rate = rateOf(row);
  const [scale, unit] = RATES[row.unit];
  return rate === null ? '–' : `${digits(rate / scale)} ${unit}`;
}

function checkText({ check }: Row): string {
  return check === null ? '–' : `${check.what}: ${short(check.value)} ≤ ${short(check.bound)}`;
}

const short = (value: number) => (value === 0 ? '0' : value.toExponential(1));

function percent(share: number | null): string {
  return share === null ? '–' : `${digits(100 * share)} %`;
}

/** Three digits, plainly written. */
export function digits(value: number): string {
  const rounded = Number(value.toPrecision(3));
  return Math.abs(rounded) >= 1e6 || (rounded !== 0 && Math.abs(rounded) < 1e-3)
    ? rounded.toExponential()
    : String(rounded);
}

function plainTable({ title, head, rows }: Table): string {
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...all.map((row) => row[column]!.length)));
  const lines = all.map((row) =>
    row
      .map((text, column) => text.padEnd(widths[column]!))
      .join('  ')
      .trimEnd(),
  );
  return `${title}\n${lines.join('\n')}\n`;
}

function markdownTable({ title, head, rows }: Table): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [`### ${title}`, '', line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
