import { gaussLegendre } from '../quadrature.ts';

/** Tokens that are summed one by one, where nobody says otherwise. */
const HEAD = 4096;

/** Beyond this no power law has any mass left in double precision. */
const FARTHEST = 2 ** 1020;

/** Nodes and weights of Gauss and Legendre on (0, 1), 24 of them. */
const QUADRATURE = gaussLegendre(24);

/**
 * sum_{i = 1}^{last} f(i), `last` possibly infinite, for an f that varies on the scale of i itself except where it jumps,
 * just after the integers `breaks`. The first terms are summed as they are, 4096 of them; what follows is the integral of f from half a token
 * before the first to half a token behind the last, an octave at a time: off by |f'| / 24 at the ends, 1e-7 of the sum of a Zipf law.
 * From another token than 1 on where `first` says so.
 */
export function sumOverTokens(
  f: (i: number) => number,
  last: number,
  breaks: readonly number[] = [],
  terms = HEAD,
  first = 1,
): number {
  let sum = 0;
  const head = Math.min(first - 1 + terms, last);
  for (let i = first; i <= head; i++) sum += f(i);
  if (last <= head) return sum;
  const edges = [...breaks.filter((at) => at > head && at < last), last].sort((a, b) => a - b);
  let from = head + 0.5;
  for (const edge of edges) {
    sum += integral(f, from, Math.min(edge + 0.5, FARTHEST));
    from = edge + 0.5;
  }
  return sum;
}

function integral(f: (x: number) => number, from: number, to: number): number {
  let sum = 0;
  for (let a = from; a < to; a *= 2) {
    const b = Math.min(2 * a, to);
    let part = 0;
    for (const { node, weight } of QUADRATURE) part += weight * f(a + (b - a) * node);
    sum += (b - a) * part;
  }
  return sum;
}
