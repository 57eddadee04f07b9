import { verdictsOf } from '../goals.ts';
import type { BenchRecord, PeerRecord, Row } from '../record.ts';
import { rateOf } from '../statistics.ts';
import { digits, type Part, partOf, provenance, rateText, shapeText, type Table, timeOf } from '../tables.ts';

/** A day with a card (day.mjs) as tables: how its stages ended, what the tests say, and all records as one. */

/** What day.mjs leaves behind. */
export interface Day {
  readonly minutes: number;
  readonly begun: string;
  readonly stages: readonly {
    readonly name: string;
    readonly state: 'done' | 'cut' | 'missing' | 'failed' | 'running';
    readonly seconds: number;
    readonly budget: number;
    readonly detail: string;
  }[];
  /** By file; null where none was run. */
  readonly tests: Readonly<Record<string, TestFile>> | null;
  readonly records: readonly BenchRecord[];
}

export interface TestFile {
  readonly passed: number;
  readonly failed: readonly { readonly name: string; readonly message: string }[];
  readonly seconds: number;
  /** It ended without a word, and is run again by the next call. */
  readonly crashed?: boolean;
}

export function dayParts(day: Day): Part[] {
  const head = {
    lines: [`A day with a card, begun ${day.begun}, ${day.minutes} minutes`],
    tables: [stageTable(day), ...testTables(day.tests ?? {})],
  };
  return [head, ...recordParts(day.records)];
}

/** Several records: what was measured from Node as one, and browsers beside it. */
export function recordParts(records: readonly BenchRecord[]): Part[] {
  const own = records.filter(({ backend }) => backend === 'node');
  const browsers = records.filter(({ backend }) => backend !== 'node');
  const lines = [...own.slice(1), ...browsers].flatMap((record) => [...provenance(record), '']).slice(0, -1);
  const merged = mergedRecord(own);
  const tuning = merged ? tuningTable(merged.rows) : null;
  const beside = browsers.length > 0 && merged ? [besideTable([merged, ...browsers])] : [];
  return [
    ...(merged ? [partOf(merged)] : []),
    ...(lines.length > 0 || tuning ? [{ lines, tables: [...(tuning ? [tuning] : []), ...beside] }] : []),
  ];
}

/**
 * Records of one adapter as one: the rows of all, the peaks of the one that has kernels in it, for only they are held against
 * peaks. null without any. Throws where adapters differ.
 */
export function mergedRecord(records: readonly BenchRecord[]): BenchRecord | null {
  const main = records.find(({ rows }) => rows.some(({ group }) => group === 'kernels')) ?? records[0];
  if (!main) return null;
  const other = records.find(({ adapter }) => adapter.description !== main.adapter.description);
  if (other)
    throw new Error(`Records of ${main.adapter.description} and ${other.adapter.description} do not go together.`);
  const measured = {
    rows: records.flatMap(({ rows }) => rows),
    overlaps: records.flatMap(({ overlaps }) => overlaps),
    roofline: main.roofline,
    adapter: main.adapter,
  };
  const peers = new Map<string, PeerRecord>(records.flatMap((record) => record.peers.map((peer) => [peer.name, peer])));
  return {
    ...main,
    ...measured,
    peers: [...peers.values()],
    unfinished: records.flatMap(({ unfinished }) => unfinished ?? []),
    goals: verdictsOf(measured),
  };
}

function stageTable({ stages }: Day): Table {
  return {
    title: 'Stages',
    head: ['stage', 'ended', 'took', 'budget', 'what came out'],
    rows: stages.map(({ name, state, seconds, budget, detail }) => [
      name,
      state === 'running' ? 'cut' : state,
      timeOf(seconds),
      timeOf(budget),
      name === 'doctor' ? '' : detail,
    ]),
  };
}

function testTables(tests: NonNullable<Day['tests']>): Table[] {
  const files = Object.entries(tests).toSorted(([a], [b]) => a.localeCompare(b));
  if (files.length === 0) return [];
  const failures = files.flatMap(([file, { failed }]) =>
    failed.map(({ name, message }) => [file, name, message.split('\n', 1)[0]!.slice(0, 200)]),
  );
  return [
    {
      title: 'Tests against the f64 reference',
      head: ['file', 'passed', 'failed', 'time'],
      rows: files.map(([file, { passed, failed, seconds }]) => [
        file.replace('.gpu.test.js', ''),
        String(passed),
        String(failed.length),
        timeOf(seconds),
      ]),
    },
    ...(failures.length > 0 ? [{ title: 'Tests that failed', head: ['file', 'test', 'why'], rows: failures }] : []),
  ];
}

/** The fastest row of the tuning table in every block that compares them; null without one. */
function tuningTable(rows: readonly Row[]): Table | null {
  const blocks = [...new Set(rows.filter(({ group }) => group === 'tuning').map(({ block }) => block))];
  if (blocks.length === 0) return null;
  return {
    title: 'Fastest row of the tuning table',
    head: ['what', 'fastest', 'rate', 'times of the others'],
    rows: blocks.flatMap((block) => {
      const sorted = rows
        .filter((row) => row.block === block && row.verdict === 'ok')
        .toSorted((a, b) => rateOf(b)! - rateOf(a)!);
      const [best, ...others] = sorted;
      if (!best) return [];
      const ratio = (row: Row) => `${rowName(row)} ${digits(rateOf(best)! / rateOf(row)!)} x`;
      return [[block.replace('tuning ', ''), rowName(best), rateText(best), others.map(ratio).join(', ')]];
    }),
  };
}

const rowName = ({ contestant }: Row) => contestant.replace('collapse, row ', '');

/** Our kernels by several records: rates, and what the later ones make of the rate of the first. */
export function besideTable(records: readonly BenchRecord[]): Table {
  const names = records.map(({ backend, driver }) => (backend === 'node' ? 'Node' : driver));
  const [first, ...others] = records as readonly [BenchRecord, ...BenchRecord[]];
  const isOurs = ({ group, contestant, verdict }: Row) =>
    group === 'kernels' && contestant === 'collapse' && verdict === 'ok';
  return {
    title: 'The same kernels elsewhere',
    head: ['what', 'shape', ...names],
    rows: first.rows.filter(isOurs).map((row) => [
      row.name,
      shapeText(row),
      rateText(row),
      ...others.map(({ rows }) => {
        const twin = rows.find((one) => isOurs(one) && one.block === row.block && one.name === row.name);
        return twin ? `${rateText(twin)}, ${digits(rateOf(twin)! / rateOf(row)!)} x` : '–';
      }),
    ]),
  };
}
