import { type Shape, shapeOf } from './merge.ts';

/** What the papers write, by the name of its key; more than one where papers differ. */
const KEYS: Readonly<Record<string, readonly string[]>> = {
  ...{ d: ['dimension'], p: ['dimension'], n: ['generations'], t: ['generations'], T: ['samples'], N: ['samples'] },
  ...{ sigma: ['noise'], lambda: ['ridge'], m: ['features'], w0: ['truth'], w: ['truth'], Sigma: ['covariance'] },
  ...{
    T0: ['generator.samples'],
    n0: ['generator.samples'],
    sigma0: ['generator.noise'],
    lambda0: ['generator.ridge'],
  },
  ...{ m0: ['generator.features'], n1: ['real.samples'], n2: ['synthetic.samples'], sigma1: ['real.noise'] },
  ...{
    sigma2: ['synthetic.noise'],
    p2: ['synthetic.fraction'],
    c2: ['synthetic.quality'],
    alpha: ['synthetic.weight', 'synthetic.share'],
  },
  ...{ beta: ['covariance.exponent', 'law.exponent'], delta: ['truth.exponent'], r: ['truth.smoothness'] },
  ...{
    eta: ['rate'],
    B: ['batch'],
    xi: ['imitation'],
    K: ['entities'],
    tau: ['tail.temperature'],
    topP: ['tail.share'],
  },
};

const LETTERS: Readonly<Record<string, string>> = {
  ...{ α: 'alpha', β: 'beta', δ: 'delta', η: 'eta', λ: 'lambda', ξ: 'xi', σ: 'sigma', τ: 'tau', Σ: 'Sigma' },
  ...{ '₀': '0', '₁': '1', '₂': '2', _: '' },
};

/** Paths that a symbol may stand for in a place of this shape, at most two: `sigma` for `downstream.noise`. */
export function meantBy(symbol: string, shape: Shape): readonly string[] {
  const paths = pathsOf(shape);
  return keysOf(symbol)
    .flatMap((key) => paths.filter((path) => path === key || path.endsWith(`.${key}`)).reverse())
    .slice(0, 2);
}

/** What the paths of keys end with that a symbol stands for; empty where it stands for none. */
export function keysOf(symbol: string): readonly string[] {
  const name = [...symbol].map((letter) => LETTERS[letter] ?? letter).join('');
  return Object.hasOwn(KEYS, name) ? KEYS[name]! : [];
}

/** Of all keys, those of plain objects within too. */
function pathsOf(shape: Shape, prefix = ''): readonly string[] {
  return Object.entries(shape).flatMap(([key, schema]) => {
    const inner = shapeOf(schema);
    return [prefix + key, ...(inner ? pathsOf(inner, `${prefix}${key}.`) : [])];
  });
}
