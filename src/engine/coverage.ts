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
