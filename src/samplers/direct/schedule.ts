import type { Draw, Fit, LinearRecipe, Truth } from '../../regimes/recipe.ts';

/** One set of labels on a design: y = X w + noise * g. */
export interface Side {
  /** Slot of the model whose coefficients w make the labels; slot 0 is the truth. */
  readonly labels: number;
  readonly noise: number;
  readonly errors: Draw;
}

/** One fit that a pass produces. */
export interface Output {
  readonly side: number;
  readonly ridge: number;
  /** Slot in which the estimate is kept for later passes; null if nothing is labelled by it. */
  readonly slot: number | null;
}

/**
 * A pass over one design: its Gram matrix is formed once, factored once per ridge and solved for all sides. Later passes
 * over the same design (a reused one, labelled anew in every generation) keep the factor.
 */
export interface Pass {
  readonly inputs: Draw;
  readonly rows: number;
  readonly sides: readonly Side[];
  /** Values of lambda in the 1/rows objective. */
  readonly ridges: readonly number[];
  readonly outputs: readonly Output[];
  /** True if the pass before left the factor of this very design and ridge. */
  readonly factorReady: boolean;
  /** Number of this pass's first factor among all factors of the trial. */
  readonly firstFactor: number;
  /** Number of this pass's first test error: errors are numbered by ridge, then side. */
  readonly firstError: number;
  /** Whether any cell wants the test error of this pass. */
  readonly measured: boolean;
}

/** Where a cell's result is found after a trial. */
export interface CellResultPlace {
  readonly error: number;
  /** Factors the estimate rests on, its own and those of all generations before it. */
  readonly factors: readonly number[];
}

/** Everything one trial does, for all cells of a job, each shared piece once. */
export interface Schedule {
  readonly dimension: number;
  readonly spectrum: readonly number[];
  readonly truth: Truth;
  readonly modelSlots: number;
  readonly factors: number;
  readonly errors: number;
  readonly passes: readonly Pass[];
  readonly cells: readonly CellResultPlace[];
}

interface FitNode {
  readonly fit: Fit;
  readonly parent: FitNode | null;
  readonly key: string;
  /** True if another fit is labelled by this one. */
  labels: boolean;
  cells: number[];
}

/** Compiles the recipes of one job, which share dimension, spectrum and truth. */
export function scheduleOf(recipes: readonly LinearRecipe[]): Schedule {
  const nodes = collectFits(recipes);
  const slots = new Map<FitNode, number>();
  const places = new Map<FitNode, { error: number; factors: readonly number[] }>();
  const passes: Pass[] = [];
  let factors = 0;
  let errors = 0;
  const pending = new Set(nodes);
  while (pending.size > 0) {
    const ready = nextPass([...pending], pending);
    const { inputs, rows } = ready[0]!.fit.data;
    const sideKeys = new Map<string, number>();
    const sides: Side[] = [];
    const ridges = [...new Set(ready.map((node) => node.fit.ridge))];
    const previous = passes.at(-1);
    const factorReady =
      previous !== undefined &&
      designKey(previous.inputs, previous.rows) === designKey(inputs, rows) &&
      previous.ridges.length === 1 &&
      ridges.length === 1 &&
      previous.ridges[0] === ridges[0];
    const firstFactor = factorReady ? previous.firstFactor : factors;
    if (!factorReady) factors += ridges.length;
    for (const node of ready) {
      const side = sideOf(node, slots);
      const key = JSON.stringify(side);
      if (!sideKeys.has(key)) {
        sideKeys.set(key, sides.length);
        sides.push(side);
      }
    }
    const outputs = ready.map((node): Output => {
      const side = sideKeys.get(JSON.stringify(sideOf(node, slots)))!;
      const ridge = ridges.indexOf(node.fit.ridge);
      if (node.labels) slots.set(node, slots.size + 1);
      const inherited = node.parent ? places.get(node.parent)!.factors : [];
      const factor = firstFactor + ridge;
      places.set(node, {
        error: errors + ridge * sides.length + side,
        factors: inherited.includes(factor) ? inherited : [...inherited, factor],
      });
      return { side, ridge, slot: slots.get(node) ?? null };
    });
    const measured = ready.some((node) => node.cells.length > 0);
    passes.push({ inputs, rows, sides, ridges, outputs, factorReady, firstFactor, firstError: errors, measured });
    if (measured) errors += sides.length * ridges.length;
    for (const node of ready) pending.delete(node);
  }
  const cells: CellResultPlace[] = [];
  for (const node of nodes) for (const cell of node.cells) cells[cell] = places.get(node)!;
  const { dimension, spectrum, truth } = recipes[0]!;
  return { dimension, spectrum, truth, modelSlots: slots.size + 1, factors, errors, passes, cells };
}

/** Every distinct fit once, labelling fits before the fits they label. */
function collectFits(recipes: readonly LinearRecipe[]): FitNode[] {
  const nodes = new Map<string, FitNode>();
  const ids = new Map<FitNode, number>();
  const visit = (fit: Fit): FitNode => {
    const { labels, ...data } = fit.data;
    const parent = labels === 'truth' ? null : visit(labels);
    const key = JSON.stringify([parent ? ids.get(parent) : 'truth', data, fit.ridge]);
    let node = nodes.get(key);
    if (!node) {
      node = { fit, parent, key, labels: false, cells: [] };
      ids.set(node, nodes.size);
      nodes.set(key, node);
    }
    if (parent) parent.labels = true;
    return node;
  };
  recipes.forEach((recipe, cell) => {
    visit(recipe.estimate).cells.push(cell);
  });
  return [...nodes.values()];
}

/**
 * The fits of the next pass: all pending fits of a design once every one of them has its labels, so that a design is
 * visited once; failing that (a design labelled by a fit to itself), those of the first design that are ready.
 */
function nextPass(candidates: readonly FitNode[], pending: ReadonlySet<FitNode>): FitNode[] {
  const isReady = (node: FitNode) => node.parent === null || !pending.has(node.parent);
  const groups = new Map<string, FitNode[]>();
  for (const node of candidates) {
    const key = designKey(node.fit.data.inputs, node.fit.data.rows);
    groups.set(key, [...(groups.get(key) ?? []), node]);
  }
  for (const group of groups.values()) if (group.every(isReady)) return group;
  for (const group of groups.values()) if (group.some(isReady)) return group.filter(isReady);
  throw new Error('A model is labelled by itself.');
}

const designKey = (inputs: Draw, rows: number) => `${inputs.unit}/${inputs.generation}/${rows}`;

function sideOf(node: FitNode, slots: ReadonlyMap<FitNode, number>): Side {
  const { noise, errors } = node.fit.data;
  return { labels: node.parent ? slots.get(node.parent)! : 0, noise, errors };
}
