/** How a swept path of the experiment file is named where people read it. */
export interface PathLabel {
  /** Title of an axis. */
  readonly name: string;
  /** Short form for the series of a figure and the columns of a table. */
  readonly symbol: string;
  /** Whether the number counts something, so that there is nothing between integers; null where that is not known. */
  readonly integer: boolean | null;
}

const LABELS: Readonly<Record<string, PathLabel>> = {
  dimension: { name: 'dimension d', symbol: 'd', integer: true },
  generations: { name: 'generation n', symbol: 'n', integer: true },
  'covariance.exponent': { name: 'covariance exponent β', symbol: 'β', integer: false },
  'covariance.trace': { name: 'covariance trace', symbol: 'tr Σ', integer: false },
  'truth.norm': { name: 'norm of the truth |w₀|', symbol: '|w₀|', integer: false },
  'truth.exponent': { name: 'truth exponent δ', symbol: 'δ', integer: false },
  'truth.variance': { name: 'variance of the truth', symbol: 'var w₀', integer: false },
  'generator.samples': { name: 'generator samples T₀', symbol: 'T₀', integer: true },
  'generator.samples.perDimension': { name: 'generator samples per dimension T₀/d', symbol: 'T₀/d', integer: false },
  'generator.noise': { name: 'generator noise σ₀', symbol: 'σ₀', integer: false },
  'generator.ridge': { name: 'generator ridge λ₀', symbol: 'λ₀', integer: false },
  'generator.ridge.power': { name: 'generator ridge exponent ℓ₀', symbol: 'ℓ₀', integer: false },
  'teacher.samples': { name: 'teacher samples Tₜ', symbol: 'Tₜ', integer: true },
  'teacher.samples.perDimension': { name: 'teacher samples per dimension Tₜ/d', symbol: 'Tₜ/d', integer: false },
  'teacher.noise': { name: 'noise of the teacher σₜ', symbol: 'σₜ', integer: false },
  'teacher.ridge': { name: 'ridge of the teacher λₜ', symbol: 'λₜ', integer: false },
  'teacher.features': { name: 'features of the teacher mₜ', symbol: 'mₜ', integer: true },
  'assistant.samples': { name: 'samples of the assistant', symbol: 'Tₐ', integer: true },
  'assistant.ridge': { name: 'ridge of the assistant', symbol: 'λₐ', integer: false },
  'surrogate.kept': { name: 'coordinates kept', symbol: 'kept', integer: true },
  'surrogate.factor': { name: 'factor of the surrogate', symbol: 'f', integer: false },
  'downstream.rate': { name: 'rate η', symbol: 'η', integer: false },
  'downstream.batch': { name: 'batch B', symbol: 'B', integer: true },
  'downstream.halvings': { name: 'halvings of the rate', symbol: 'halvings', integer: true },
  'downstream.average': { name: 'share of steps averaged', symbol: 'averaged', integer: false },
  'generator.rate': { name: 'rate of the generators η₀', symbol: 'η₀', integer: false },
  'generator.batch': { name: 'batch of the generators B₀', symbol: 'B₀', integer: true },
  'generator.cosine': { name: 'cosine of the generator ρ', symbol: 'ρ', integer: false },
  'generator.flips': { name: 'chance of a wrong label', symbol: 'ε', integer: false },
  'generator.norm': { name: 'length of the generator |w_g|', symbol: '|w_{g}|', integer: false },
  'judge.cosine': { name: 'cosine of the judge ρ*', symbol: 'ρ*', integer: false },
  'judge.withGenerator': { name: 'cosine of judge and generator', symbol: 'ρ_{g}', integer: false },
  'keep.share': { name: 'share of rows kept', symbol: 'kept', integer: false },
  'keep.nearest': { name: 'share of nearest rows left out', symbol: 'left out', integer: false },
  'real.flips': { name: 'chance of a wrong real label', symbol: 'ε₀', integer: false },
  'synthetic.flips': { name: 'chance of a wrong label ε', symbol: 'ε', integer: false },
  'verifier.right': { name: 'chance to keep a right label φ', symbol: 'φ', integer: false },
  'verifier.wrong': { name: 'chance to keep a wrong label ψ', symbol: 'ψ', integer: false },
  'synthetic.behind': { name: 'rows behind the generator n̂', symbol: 'n̂', integer: true },
  'verifier.centre': { name: 'centre of the verifier θ_{c}', symbol: 'θ_{c}', integer: false },
  'verifier.band': { name: 'band of the verifier', symbol: 'band', integer: false },
  'truth.coefficient': { name: 'true coefficient θ*', symbol: 'θ*', integer: false },
  'verifier.cosine': { name: 'cosine of the verifier', symbol: 'ρ*', integer: false },
  separation: { name: 'distance of a class from 0 |μ|', symbol: '|μ|', integer: false },
  entities: { name: 'models K', symbol: 'K', integer: true },
  'private.samples': { name: 'private samples', symbol: 'T private', integer: true },
  'private.share': { name: 'weight of private rows β', symbol: 'β', integer: false },
  'private.rank': { name: 'coordinates of private rows', symbol: 'rank', integer: true },
  'public.samples': { name: 'public samples', symbol: 'T public', integer: true },
  'synthetic.share': { name: 'weight of exchanged rows α', symbol: 'α', integer: false },
  examples: { name: 'examples', symbol: 'examples', integer: true },
  divisor: { name: 'divisor k', symbol: 'k', integer: true },
  answer: { name: 'answer', symbol: 'answer', integer: true },
  imitation: { name: 'share of own labels ξ', symbol: 'ξ', integer: false },
  'kernel.scale': { name: 'kernel scale γ', symbol: 'γ', integer: false },
  'kernel.degree': { name: 'kernel degree', symbol: 'degree', integer: true },
  'kernel.offset': { name: 'kernel offset', symbol: 'offset', integer: false },
  'synthetic.fraction': { name: 'synthetic fraction p₂', symbol: 'p₂', integer: false },
  'synthetic.noise': { name: 'noise of synthetic labels σ₂', symbol: 'σ₂', integer: false },
  'synthetic.quality': { name: 'error of the labelling model c²', symbol: 'c²', integer: false },
  'synthetic.weight': { name: 'weight of synthetic data α', symbol: 'α', integer: false },
  'synthetic.shift.exponent': { name: 'shift exponent', symbol: 'δ_{Δ}', integer: false },
  'synthetic.covariance.exponent': { name: 'synthetic covariance exponent β₂', symbol: 'β₂', integer: false },
  'synthetic.covariance.trace': { name: 'synthetic covariance trace', symbol: 'tr Σ₂', integer: false },
  'real.noise': { name: 'noise of real labels σ₁', symbol: 'σ₁', integer: false },
  'real.weight': { name: 'weight of real labels w', symbol: 'w', integer: false },
  'real.covariance.exponent': { name: 'real covariance exponent β₁', symbol: 'β₁', integer: false },
  'real.covariance.trace': { name: 'real covariance trace', symbol: 'tr Σ₁', integer: false },
  'generator.features': { name: 'generator features m₀', symbol: 'm₀', integer: true },
  'generator.width': { name: 'width of the generator m₀', symbol: 'm₀', integer: true },
  'downstream.width': { name: 'width m', symbol: 'm', integer: true },
  'downstream.epochs': { name: 'epochs', symbol: 'epochs', integer: true },
  'downstream.features': { name: 'random features m', symbol: 'm', integer: true },
  'law.exponent': { name: 'Zipf exponent β', symbol: 'β', integer: false },
  'law.support': { name: 'support N', symbol: 'N', integer: true },
  'generator.tail.last': { name: 'last token k of the generator', symbol: 'k', integer: true },
  'generator.tail.exponent': { name: 'narrowed exponent β′', symbol: 'β′', integer: false },
  'generator.tail.temperature': { name: 'temperature τ', symbol: 'τ', integer: false },
  'generator.tail.share': { name: 'top-p', symbol: 'p', integer: false },
  'generator.later': { name: 'samples of later generators', symbol: 'T₁', integer: true },
  'downstream.real': { name: 'fraction of real data π', symbol: 'π', integer: false },
  labels: { name: 'labels m', symbol: 'm', integer: true },
  support: { name: 'skills told apart', symbol: 'N', integer: true },
  synthetic: { name: 'synthetic share', symbol: 'AI', integer: false },
  'contexts.support': { name: 'contexts', symbol: 'N', integer: true },
  'contexts.exponent': { name: 'context exponent β', symbol: 'β', integer: false },
  'next.support': { name: 'tokens', symbol: 'N', integer: true },
  'next.exponent': { name: 'next-token exponent β', symbol: 'β', integer: false },
  'measure.clip': { name: 'largest loss', symbol: 'clip', integer: false },
  length: { name: 'sequence length', symbol: 'L', integer: true },
  'generator.last': { name: 'last token k of the generator', symbol: 'k', integer: true },
  'generator.temperature': { name: 'temperature τ', symbol: 'τ', integer: false },
  'generator.topP': { name: 'top-p', symbol: 'p', integer: false },
  'downstream.realMost': { name: 'real samples there are', symbol: 'T real', integer: true },
  'real.later': { name: 'fresh real rows of a round', symbol: 'T later', integer: true },
  'synthetic.growth': { name: 'growth of rows s', symbol: 'growth', integer: false },
  'synthetic.sharpen': { name: 'factor of standard deviations', symbol: 'sharpen', integer: false },
  'real.samples': { name: 'real samples', symbol: 'T real', integer: true },
  'synthetic.samples': { name: 'synthetic samples', symbol: 'T AI', integer: true },
  'synthetic.tail.last': { name: 'last synthetic token k', symbol: 'k', integer: true },
  'synthetic.tail.exponent': { name: 'narrowed exponent β′', symbol: 'β′', integer: false },
  'synthetic.tail.temperature': { name: 'temperature τ', symbol: 'τ', integer: false },
  'synthetic.tail.share': { name: 'top-p', symbol: 'p', integer: false },
  'bought.samples': { name: 'samples bought from the tail', symbol: 'T tail', integer: true },
  'bought.first': { name: 'first token of the tail bought', symbol: 'N₁', integer: true },
  tests: { name: 'tests', symbol: 'tests', integer: true },
  'downstream.samples': { name: 'samples T', symbol: 'T', integer: true },
  'downstream.samples.perDimension': { name: 'samples per dimension T/d', symbol: 'T/d', integer: false },
  'downstream.noise': { name: 'noise σ', symbol: 'σ', integer: false },
  'downstream.ridge': { name: 'ridge λ', symbol: 'λ', integer: false },
  'downstream.ridge.power': { name: 'ridge exponent ℓ, λ = T^{−ℓ}', symbol: 'ℓ', integer: false },
};

/** A path without an entry is its own name. */
export function labelOf(path: string): PathLabel {
  return LABELS[path] ?? { name: path, symbol: path, integer: null };
}

/** `n = 10`: one value of one axis. */
export function valueLabel(path: string, value: number): string {
  return `${labelOf(path).symbol} = ${shortNumber(value)}`;
}

/** At most four significant digits; powers of ten as `3·10^{−5}` outside 0.001 to 99999. */
export function shortNumber(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const rounded = Number.isInteger(value) ? value : Number(value.toPrecision(4));
  const size = Math.abs(rounded);
  return size !== 0 && (size < 1e-3 || size >= 1e5) ? scientific(rounded) : String(rounded).replace('-', '−');
}

function scientific(value: number): string {
  const [digits = '', exponent = ''] = Number(value.toPrecision(3)).toExponential().split('e');
  const power = powerOfTen(Number(exponent));
  return digits === '1' ? power : `${digits}·${power}`.replace(/^-/, '−');
}

/** `10^{−3}`; `^{…}` is what `svg-text.ts` sets as a superscript. */
export function powerOfTen(exponent: number): string {
  return `10^{${String(exponent).replace('-', '−')}}`;
}

/** 12345 as `12,345`. */
export function groupedInteger(value: number): string {
  return value.toLocaleString('en-US');
}
