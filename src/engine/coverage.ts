/** Trials `first .. end - 1`. */
export interface TrialRange {
  readonly first: number;
  readonly end: number;
}

/** What `done`, disjoint ranges in order, leaves of a range; in order. */
export function gapsIn(done: readonly TrialRange[], { first, end }: TrialRange): readonly TrialRange[] {
  const gaps: TrialRange[] = [];
  let next = first;
  for (const range of done) {
    if (range.first >= end) break;
    if (range.end <= next) continue;
    if (range.first > next) gaps.push({ first: next, end: range.first });
    next = range.end;
  }
  if (next < end) gaps.push({ first: next, end });
  return gaps;
}

/** Disjoint ranges in order with one more, which is joined to those that it overlaps or touches. */
export function withRange(done: readonly TrialRange[], range: TrialRange): readonly TrialRange[] {
  const before = done.filter((one) => one.end < range.first);
  const after = done.filter((one) => one.first > range.end);
  const joined = [...done.slice(before.length, done.length - after.length), range];
  const first = Math.min(...joined.map((one) => one.first));
  const end = Math.max(...joined.map((one) => one.end));
  return [...before, { first, end }, ...after];
}

export function trialsIn(done: readonly TrialRange[]): number {
  return done.reduce((sum, { first, end }) => sum + end - first, 0);
}

/** What two ranges have in common; empty, that is ending before it begins or there, where they have nothing. */
export const common = (a: TrialRange, b: TrialRange): TrialRange => ({
  first: Math.max(a.first, b.first),
  end: Math.min(a.end, b.end),
});

/** What `done` has of a range; in order. */
export const within = (done: readonly TrialRange[], range: TrialRange): readonly TrialRange[] =>
  done.map((one) => common(one, range)).filter(({ first, end }) => first < end);

/** Any ranges as disjoint ones in order. */
export function union(ranges: readonly TrialRange[]): readonly TrialRange[] {
  const joined: { first: number; end: number }[] = [];
  for (const { first, end } of [...ranges].sort((a, b) => a.first - b.first)) {
    const last = joined.at(-1);
    if (last && first <= last.end) last.end = Math.max(last.end, end);
    else joined.push({ first, end });
  }
  return joined;
}
