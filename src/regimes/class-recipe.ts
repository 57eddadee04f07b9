import { type Draw, drawName } from './draw.ts';

/** The words for trials in which a linear classifier is fitted to labelled rows, of which a judge may keep some. */

/** Coordinates of a direction: along the truth, along what the generator adds to it, and along what the judge adds to both. */
export type Direction = readonly [number, number, number];

/** Which labelled rows are kept; one that is not is as if it had not been drawn. */
export interface Keep {
  /** Of whose score x'o, |o| = 1, there is talk: of a fixed direction, or of the classifier that made the labels. */
  readonly judge: Direction | 'labeller';
  /** Bounds of |x'o|. */
  readonly least: number;
  readonly most: number;
  /** Whether the score has to have the sign of the label. */
  readonly agree: boolean;
  /** Chances of rows whose label is right, that of the truth, and of others. */
  readonly right: number;
  readonly wrong: number;
}

/** Rows apart from all others whose moments a generator takes for those of a class. */
export interface Estimated {
  readonly rows: number;
  readonly draw: Draw;
  /** Whether the covariance is theirs too, or known. */
  readonly covariance: boolean;
}

/** Rows x ~ N(c mu, I), classes c = 1 and -1 equally likely, mu along the truth, |mu| the separation; x ~ N(0, I) where that is 0. */
export interface ClassBlock {
  readonly rows: number;
  readonly draw: Draw;
  /** Moments that stand for mu and I; null: they are known. */
  readonly estimated: Estimated | null;
  /** Whose score s = x'w the labels have: that of the truth, of a direction or of a classifier. */
  readonly labels: 'truth' | Direction | ClassFit;
  /**
   * sign: y = sign(s), and the class c itself where the truth labels rows with class means; sigmoid: y = 1 with the chance sigmoid(s), else -1, where
   * the truth and directions have the length `norm` of the recipe.
   */
  readonly response: 'sign' | 'sigmoid';
  /** Chance that a label is turned round. */
  readonly flips: number;
  readonly keep: Keep;
}

/**
 * Of the kept of n drawn rows the minimiser of (1/n) sum (x'w - y)^2 + ridge |w|^2 (squares; ridge above 0), or of
 * -(1/n) sum ln sigmoid(y x'w) + (ridge/2) |w|^2 (logistic), which without a ridge does not exist where a plane through 0 tells the labels apart.
 */
export interface ClassFit {
  readonly blocks: readonly ClassBlock[];
  readonly loss: 'squares' | 'logistic';
  readonly ridge: number;
  /** Of what a fit of squares has beside the directions that labels and judges know. */
  readonly draw: Draw;
}

/**
 * What is measured of a fit w beside the truth w*: the share of fresh rows that sign(x'w) puts into another class than the truth does; |w|; the cosine of
 * the two; |w - w*|^2 with w* of the length `norm`; or, of its rows and not of w, the share that is kept.
 */
export type ClassMeasure = 'misclassified' | 'norm' | 'cosine' | 'distance' | 'kept';

/** A trial. */
export interface ClassRecipe {
  readonly kind: 'classes';
  readonly dimension: number;
  readonly separation: number;
  /** |w*|, which counts where labels are drawn from a sigmoid. */
  readonly norm: number;
  readonly estimate: { readonly fit: ClassFit; readonly measure: ClassMeasure };
}

export const isClassFit = (labels: ClassBlock['labels']): labels is ClassFit =>
  typeof labels === 'object' && 'blocks' in labels;

/** The estimate and all fits behind it, each once and after those that label its rows. */
export function classFitsBehind(estimate: ClassFit): readonly ClassFit[] {
  const found = new Set<ClassFit>();
  const visit = (fit: ClassFit) => {
    if (found.has(fit)) return;
    for (const labeller of labellersOf(fit)) visit(labeller);
    found.add(fit);
  };
  visit(estimate);
  return [...found];
}

/** The classifiers that make labels of a fit. */
export const labellersOf = ({ blocks }: ClassFit): readonly ClassFit[] =>
  blocks.map(({ labels }) => labels).filter(isClassFit);

export const classDraws = ({ estimate }: ClassRecipe): string[] => [
  ...new Set(classFitsBehind(estimate.fit).flatMap(({ blocks }) => blocks.map(({ draw }) => drawName(draw)))),
];
