import { type Moments, meanOf, momentsOf, standardDeviation, standardError } from './moments.ts';
import { quantileOfSorted } from './quantiles.ts';
import type { Numbers } from './sort.ts';
import { plain, uncertain } from './uncertain.ts';

/** The errors of the ok trials of a cell, as a statistic asks about them. */
interface Sample {
  readonly moments: Moments;
  readonly quantile: (p: number) => number;
}

/** A number that says something of all trials of a cell. */
interface Statistic {
  /** NaN where it does not exist for so few trials. */
  readonly of: (sample: Sample) => number;
  /** Whether it says nothing where a theorem says that the mean is infinite. */
  readonly ofMean?: true;
  /** Its column in tables that people read; without one it is in files alone. */
  readonly shown?: {
    readonly head: string;
    /** Its text; `sem` is the standard error of the mean. */
    readonly text: (value: number, sem: number) => string;
  };
}

/** All statistics of a cell, in the order of every file and table. A new one is a line here and nothing else. */
const STATISTICS = {
  mean: { of: ({ moments }) => meanOf(moments), ofMean: true, shown: { head: 'mean (SE)', text: uncertain } },
  /** Standard error of the mean. */
  sem: { of: ({ moments }) => standardError(moments), ofMean: true },
  /** Sample standard deviation (n - 1). */
  sd: { of: ({ moments }) => standardDeviation(moments), ofMean: true },
  median: { of: ({ quantile }) => quantile(0.5), shown: { head: 'median', text: plain } },
  q05: { of: ({ quantile }) => quantile(0.05) },
  q95: { of: ({ quantile }) => quantile(0.95) },
} satisfies Readonly<Record<string, Statistic>>;

export type StatisticKey = keyof typeof STATISTICS;
type Statistics = Readonly<Record<StatisticKey, number>>;

/** What is known about one cell's mean test error after some trials. */
export interface Summary extends Statistics {
  /** Trials that ended `ok`. */
  readonly trials: number;
  /** Trials that failed numerically and are in no statistic. */
  readonly failed: number;
}

const ENTRIES = Object.entries(STATISTICS) as readonly (readonly [StatisticKey, Statistic])[];

/** Names of all statistics, in order. */
export const STATISTIC_KEYS: readonly StatisticKey[] = ENTRIES.map(([key]) => key);

/** A value for every statistic, in order. */
export function forEachStatistic<T>(value: (key: StatisticKey, statistic: Statistic) => T): Record<StatisticKey, T> {
  return Object.fromEntries(ENTRIES.map(([key, statistic]) => [key, value(key, statistic)])) as Record<StatisticKey, T>;
}

/** Heads of the columns of a table that people read. */
export const STATISTIC_HEADS: readonly string[] = ENTRIES.flatMap(([, { shown }]) => shown?.head ?? []);

/** What stands below `STATISTIC_HEADS` for a cell. */
export function shownStatistics(summary: Summary): readonly string[] {
  return ENTRIES.flatMap(([key, { shown }]) => shown?.text(summary[key], summary.sem) ?? []);
}

/** Statistics that do not exist for so few trials are NaN. `ascending` are the errors of the ok trials. */
export function summarise(ascending: Numbers, failed: number): Summary {
  const sample = { moments: momentsOf(ascending), quantile: (p: number) => quantileOfSorted(ascending, p) };
  return { trials: ascending.length, failed, ...forEachStatistic((_, { of }) => of(sample)) };
}

/**
 * The summary where a theorem says that the mean is infinite: a sample mean would be a number that grows with the number
 * of trials, so it and its errors are left out (NaN, null in files) and the quantiles speak.
 */
export function withoutMean<T extends Summary>(summary: T): T {
  return { ...summary, ...forEachStatistic((key, { ofMean }) => (ofMean ? Number.NaN : summary[key])) };
}
