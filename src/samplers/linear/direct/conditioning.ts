import type { Design, Part } from '../../design.ts';
import type { PassLayout, TrialLayout } from '../../fit-schedule.ts';

const EPS = 2 ** -24;

/** Relative error of a test error beyond which its fit is corrected. */
const TOLERATED = 1e-5;

/** Steps up to each condition number: a step gains a factor of about 5e6 / kappa, and some trials are far worse than expected. */
const STEPS = [
  [0, TOLERATED / (0.1 * EPS)],
  [3, 1e4],
  [8, 1e7],
  [16, Number.POSITIVE_INFINITY],
] as const;

/** Steps of correction of every fit, `[pass][ridge]`. */
export type Corrections = readonly (readonly number[])[];

/** Passes whose fits may need correction. */
interface Fits extends Pick<TrialLayout, 'spectrum'> {
  readonly passes: readonly (Pick<PassLayout, 'rows' | 'ridges'> & { readonly design?: Design })[];
}

/** From what the test errors would be off by without: 0.1 eps kappa (docs/numerics.md). */
export function correctionsOf(fits: Fits): Corrections {
  return conditionsOf(fits).map((kappas) => kappas.map(stepsFor));
}

const stepsFor = (kappa: number): number => STEPS.find(([, most]) => kappa <= most)![0];

/** Condition number, and how many trials have a larger one, beyond which fits that are not corrected are computed twice. */
const TRUSTED = 5e3;
const RARE = 1e-5;

/**
 * Steps of correction of a second computation where fits that are not corrected have trials, one in RARE^-1, of a condition number
 * far from the usual: such as those of T = d in few dimensions. null where there are none.
 */
export function checksOf(fits: Fits): Corrections | null {
  const doubtful = forecasts(fits).map((pass) =>
    pass.map(({ kappa, freedom, most }) => {
      const steps = stepsFor(kappa);
      const worst = 1 / (lowest(freedom) / kappa + 1 / most);
      return steps === 0 && worst > TRUSTED
        ? { steps: stepsFor(Math.min(worst, 1e7)), isNew: true }
        : { steps, isNew: false };
    }),
  );
  if (!doubtful.flat().some(({ isNew }) => isNew)) return null;
  return doubtful.map((pass) => pass.map(({ steps }) => steps));
}

/**
 * Share of the mean that chi^2 with so many degrees of freedom is below once in RARE^-1: from the density at 0, with Stirling's
 * factorial. The smallest eigenvalue of a design has that lower tail (Edelman, SIAM J. Matrix Anal. 9 (1988)), since pivots are
 * chi^2 of what each column leaves.
 */
function lowest(freedom: number): number {
  const half = freedom / 2;
  return Math.min(1, (RARE * Math.sqrt(2 * Math.PI * half)) ** (1 / half) / Math.E);
}

interface Forecast {
  /** Condition number to expect. */
  readonly kappa: number;
  /** Degrees of freedom of the smallest pivot. */
  readonly freedom: number;
  /** Largest condition number that the ridge allows. */
  readonly most: number;
}

/** The condition number to expect of every fit, `[pass][ridge]`, taking the design to have the rank of its shape. */
export const conditionsOf = (fits: Fits): readonly (readonly number[])[] =>
  forecasts(fits).map((pass) => pass.map(({ kappa }) => kappa));

function forecasts({ passes, spectrum }: Fits): readonly (readonly Forecast[])[] {
  const inFall = (values: readonly number[]) => [...values].sort((a, b) => b - a);
  const common = inFall(spectrum);
  const known = new Map<string, Forecast>();
  return passes.map(({ rows, ridges, design }) => {
    const own = design ? spectrumOf(design, spectrum) : spectrum;
    const falling = own === spectrum ? common : inFall(own);
    const features = design?.projection?.features;
    const [effective, scale] = design ? effectiveRows(design) : [rows, 1];
    return ridges.map((given) => {
      const ridge = given * scale;
      const key = `${effective}/${ridge}/${features}/${own === spectrum ? '' : own.join()}`;
      const forecast = known.get(key) ?? forecastOf(effective, ridge, falling, features);
      known.set(key, forecast);
      return forecast;
    });
  });
}

function forecastOf(rows: number, ridge: number, falling: readonly number[], features: number | undefined): Forecast {
  const columns = features ?? falling.length;
  const trace = falling.reduce((sum, s) => sum + s, 0);
  const high = rows < columns ? trace + rows * falling[0]! : 4 * rows * falling[0]!;
  return {
    kappa: features === undefined ? condition(rows, ridge, falling) : projected(rows, features, ridge, falling),
    freedom: freedomOf(rows, ridge, falling, features),
    most: 1 + (high * Math.max(1, columns / falling.length)) / (rows * ridge),
  };
}

/**
 * What the last pivot is chi^2 of: rows beyond the columns that the ridge leaves, or in the dual columns beyond the rows, as many
 * as share what the strongest leave evenly.
 */
function freedomOf(rows: number, ridge: number, falling: readonly number[], features = falling.length): number {
  const short = Math.min(rows, features);
  if (features !== falling.length) return 1 + Math.min(Math.abs(rows - features), Math.abs(falling.length - short));
  if (rows >= features) {
    const used = falling.reduce((sum, s) => sum + s / (s + ridge), 0);
    return Math.max(1, rows - used + 1);
  }
  const [sum, squares] = falling.slice(rows - 1).reduce(([a, b], s) => [a + s, b + s * s], [0, 0]);
  return squares > 0 ? Math.max(1, sum ** 2 / squares) : 1;
}

/** Eigenvalues of the mean covariance of the rows of a design; `spectrum` itself where none has its own. */
export function spectrumOf({ parts }: Design, spectrum: readonly number[]): readonly number[] {
  if (!parts.some((part) => part.spectrum)) return spectrum;
  const mass = (part: Part) => part.weight * (part.samples ?? part.rows);
  const total = parts.reduce((sum, part) => sum + mass(part), 0);
  return spectrum.map((s, j) => parts.reduce((sum, part) => sum + mass(part) * (part.spectrum?.[j] ?? s), 0) / total);
}

/**
 * `rows`: as many of equal weight say as much as the weighted ones, (sum of weights)^2 / sum of squares. `scale`: times it a ridge is as large
 * beside those as the ridge itself beside the weighted ones.
 */
function effectiveRows({ parts, subsample, rows }: Design): readonly [rows: number, scale: number] {
  if (subsample) return [subsample.rows, 1];
  const sum = (power: number) =>
    parts.reduce((all, part) => all + (part.samples ?? part.rows) * part.weight ** power, 0);
  return [Math.max(1, Math.round(sum(1) ** 2 / sum(2))), rows / sum(1)];
}

/**
 * Of Z'Z or ZZ', Z = X S: at worst the product of those of min(T, m) rows of X and of S, which is a Gaussian matrix whose short
 * side is T or m.
 */
function projected(rows: number, features: number, ridge: number, falling: readonly number[]): number {
  const [short, long] = [Math.min(rows, features), Math.max(rows, features)];
  const ofInputs = condition(Math.min(short, falling.length), 0, falling);
  const ratio = Math.sqrt(Math.max(0, short - 1) / long);
  const without = ofInputs * ((1 + ratio) / (1 - ratio)) ** 2;
  const trace = falling.reduce((sum, s) => sum + s, 0);
  const high =
    (falling[0]! * (Math.sqrt(rows) + Math.sqrt(features)) ** 2 + trace) * Math.max(1, features / falling.length);
  const penalty = ridge * rows;
  return (high + penalty) / (high / without + penalty);
}

/**
 * Condition number to expect of the Gram matrix plus penalty T ridge, scaled to unit diagonal. The ends of the spectrum are
 * those of Gordon (Israel J. Math. 50 (1985)), with one less of the smaller side at the low end, so that T = d has the 1/(4 d)
 * of a square matrix (Edelman, SIAM J. Matrix Anal. 9 (1988): half of all are below 0.3/d).
 */
export function conditionOf(rows: number, ridge: number, spectrum: readonly number[]): number {
  const falling = [...spectrum].sort((a, b) => b - a);
  return condition(rows, ridge, falling);
}

const condition = (rows: number, ridge: number, falling: readonly number[]): number =>
  rows < falling.length ? dual(rows, ridge, falling) : primal(rows, ridge, falling);

/** Where the smallest eigenvalue of the scaled matrix is looked for, as distances of mu from 1. */
const DISTANCES = Array.from({ length: 31 }, (_, k) => 10 ** (k / 3 - 7));

/**
 * X'X + T ridge. With theta_j = s_j / (s_j + ridge) the scaled matrix is Theta^(1/2) W Theta^(1/2) + 1 - Theta, W that of equal
 * eigenvalues: no worse than if all features were as strong as the strongest, which will do where that is good enough. Gordon's
 * bound is the least (a - b)^2 + 1 - a^2 over unit v, a = |Theta^(1/2) v| and b = h'Theta^(1/2) v / sqrt(T) < a with h Gaussian;
 * it is met at v ~ (mu - Theta)^-1 Theta^(1/2) h for some mu > 1.
 */
function primal(rows: number, ridge: number, falling: readonly number[]): number {
  const columns = falling.length;
  const top = falling[0]! / (falling[0]! + ridge);
  const high = top * (1 + Math.sqrt(columns / rows)) ** 2 + 1 - top;
  const crude = high / (top * (1 - Math.sqrt((columns - 1) / rows)) ** 2 + 1 - top);
  if (ridge === 0 || falling[0] === falling.at(-1) || crude <= STEPS[0][1]) return crude;
  const lows = DISTANCES.map((distance) => {
    let [hv, v, av] = [0, 0, 0];
    for (const s of falling) {
      const theta = s / (s + ridge);
      const gap = top - theta + distance * top;
      const h = theta / gap;
      hv += h;
      v += h / gap;
      av += h * h;
    }
    const a = Math.sqrt(av / v);
    const b = hv * Math.sqrt((columns - 1) / columns / rows / v);
    return Math.max(0, a - b) ** 2 + 1 - a * a;
  });
  return Math.min(crude, high / Math.min(...lows));
}

/**
 * XX' + T ridge, whose diagonal is even. Its low end is at least that of any spectrum below: of the best that is cut off at a
 * height.
 */
function dual(rows: number, ridge: number, falling: readonly number[]): number {
  let tail = 0;
  let low = 0;
  for (let k = falling.length; k > 0; k--) {
    const cut = falling[k - 1]!;
    const end = Math.sqrt(k * cut + tail) - Math.sqrt((rows - 1) * cut);
    if (end > 0) low = Math.max(low, end ** 2);
    tail += cut;
  }
  const high = (Math.sqrt(rows * falling[0]!) + Math.sqrt(tail)) ** 2;
  return (high + rows * ridge) / (low + rows * ridge);
}
