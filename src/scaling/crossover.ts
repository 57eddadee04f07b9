/** A place along T where what one curve adds to another overtakes it: log(excess / base) = 0. */

/**
 * Where the ratio passes 1, by straight lines between the points in log-log coordinates; null where it does not, or more than
 * once. Ratios that are not positive count as below.
 */
export function crossingOf(xs: readonly number[], ratios: readonly number[]): number | null {
  const heights = ratios.map((ratio) => (ratio > 0 ? Math.log(ratio) : Number.NEGATIVE_INFINITY));
  const places = xs.slice(1).flatMap((x, i) => {
    const [from, to] = [heights[i]!, heights[i + 1]!];
    if (from >= 0 === to >= 0) return [];
    // From a ratio that is not positive no line leads anywhere: the point nearer to 1 stands in.
    if (!Number.isFinite(from)) return [x];
    if (!Number.isFinite(to)) return [xs[i]!];
    return [xs[i]! * (x / xs[i]!) ** (from / (from - to))];
  });
  return places.length === 1 ? places[0]! : null;
}

/** The same for a function, to four digits, within the bracket that its points give. */
export function crossingWithin(xs: readonly number[], ratio: (x: number) => number): number | null {
  const signs = xs.map((x) => ratio(x) >= 1);
  const turns = signs.flatMap((sign, i) => (i > 0 && sign !== signs[i - 1] ? [i] : []));
  if (turns.length !== 1) return null;
  let [low, high] = [xs[turns[0]! - 1]!, xs[turns[0]!]!];
  const below = signs[turns[0]! - 1]!;
  while (high / low > 1 + 1e-4) {
    const middle = Math.sqrt(low * high);
    if (ratio(middle) >= 1 === below) low = middle;
    else high = middle;
  }
  return Math.sqrt(low * high);
}
