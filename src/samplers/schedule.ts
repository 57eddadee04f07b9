import { type Fit, isFit, type LinearRecipe, type Model, type Shifted, type Truth } from '../regimes/recipe.ts';
import { type Design, designOf, type Label } from './design.ts';

/** One set of labels on a design. */
export interface Side {
  /** Labels of the same rows, each with its share, add up. */
  readonly labels: readonly Label[];
}

/** One fit that a pass produces. */
export interface Output {
  readonly side: number;
  readonly ridge: number;
  /** Slot in which the estimate is kept for later passes; null if nothing is labelled by it. */
  readonly slot: number | null;
}

/** What passes of every kind have in common. */
export interface PassResults {
  /** Of the design. */
  readonly rows: number;
  /** Values of lambda. */
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

/**
 * A pass over one design: its Gram matrix is formed once, factored once per ridge and solved for all sides. Later passes
 * over the same design (a reused one, labelled anew in every generation) keep the factor.
 */
export interface Pass extends PassResults {
  readonly design: Design;
  readonly sides: readonly Side[];
}

/** Where a cell's result is found after a trial. */
export interface CellResultPlace {
  readonly error: number;
  /** Factors the estimate rests on, its own and those of all generations before it. */
  readonly factors: readonly number[];
  /** The test error is a multiple of 4^unit (`LinearRecipe.unit`); 0 where absent. */
  readonly unit?: number;
}

/** A truth that is shifted, and the slot that it is drawn to. */
export interface ShiftSlot {
  readonly slot: number;
  readonly model: Shifted;
}

/** What schedules of every kind have in common. */
export interface Trial {
  readonly dimension: number;
  readonly spectrum: readonly number[];
  readonly truth: Truth;
  /** Slot 0 is the truth. */
  readonly modelSlots: number;
  readonly factors: number;
  readonly errors: number;
  readonly cells: readonly CellResultPlace[];
}

/** Everything one trial does, for all cells of a job, each shared piece once. */
export interface Schedule extends Trial {
  readonly shifts: readonly ShiftSlot[];
  readonly passes: readonly Pass[];
}

interface FitNode {
  readonly fit: Fit;
  /** By block; null is the truth. */
  readonly parents: readonly (FitNode | Shifted | null)[];
  /** Tells the design from others. */
  readonly design: string;
  /** True if another fit is labelled by this one. */
  labels: boolean;
  cells: number[];
}

/** Compiles the recipes of one job, which share dimension, spectrum and truth. */
export function scheduleOf(recipes: readonly LinearRecipe[]): Schedule {
  const { nodes, shifts } = collectFits(recipes);
  const slots = new Map<FitNode | Shifted, number>(shifts.map((model, i) => [model, i + 1]));
  const places = new Map<FitNode, { error: number; factors: readonly number[] }>();
  const passes: Pass[] = [];
  let factors = 0;
  let errors = 0;
  const pending = new Set(nodes);
  let lastDesign = '';
  while (pending.size > 0) {
    const ready = nextPass([...pending], pending);
    const slotsOf = ({ parents }: FitNode) => parents.map((parent) => (parent ? slots.get(parent)! : 0));
    const laidOut = ready.map((node) => designOf(node.fit, slotsOf(node)));
    const { design } = laidOut[0]!;
    const sideKeys = new Map<string, number>();
    const sides: Side[] = [];
    const ridges = [...new Set(ready.map((node) => node.fit.ridge))];
    const previous = passes.at(-1);
    const factorReady =
      previous !== undefined &&
      lastDesign === ready[0]!.design &&
      previous.ridges.length === 1 &&
      ridges.length === 1 &&
      previous.ridges[0] === ridges[0];
    const firstFactor = factorReady ? previous.firstFactor : factors;
    if (!factorReady) factors += ridges.length;
    const sideOf = laidOut.map(({ labels }) => {
      const key = JSON.stringify(labels);
      const side = sideKeys.get(key) ?? sides.push({ labels }) - 1;
      sideKeys.set(key, side);
      return side;
    });
    const outputs = ready.map((node, i): Output => {
      const side = sideOf[i]!;
      const ridge = ridges.indexOf(node.fit.ridge);
      if (node.labels) slots.set(node, slots.size + 1);
      const behind = node.parents.flatMap((parent) => places.get(parent as FitNode)?.factors ?? []);
      places.set(node, {
        error: errors + ridge * sides.length + side,
        factors: [...new Set([...behind, firstFactor + ridge])],
      });
      return { side, ridge, slot: slots.get(node) ?? null };
    });
    const measured = ready.some((node) => node.cells.length > 0);
    const { rows } = design;
    passes.push({ design, rows, sides, ridges, outputs, factorReady, firstFactor, firstError: errors, measured });
    lastDesign = ready[0]!.design;
    if (measured) errors += sides.length * ridges.length;
    for (const node of ready) pending.delete(node);
  }
  const { dimension, spectrum, truth, unit = 0 } = recipes[0]!;
  const cells: CellResultPlace[] = [];
  for (const node of nodes) for (const cell of node.cells) cells[cell] = { ...places.get(node)!, unit };
  return {
    dimension,
    spectrum,
    truth,
    shifts: shifts.map((model) => ({ slot: slots.get(model)!, model })),
    modelSlots: slots.size + 1,
    factors,
    errors,
    passes,
    cells,
  };
}

/** Every distinct fit once, labelling fits before the fits they label, and every distinct shift. */
function collectFits(recipes: readonly LinearRecipe[]) {
  const nodes = new Map<string, FitNode>();
  const shifts = new Map<string, Shifted>();
  const ids = new Map<FitNode | Shifted, string>();
  const visited = new Map<Model, FitNode | Shifted | null>();
  const visit = (model: Model): FitNode | Shifted | null => {
    if (model === 'truth') return null;
    const before = visited.get(model);
    if (before !== undefined) return before;
    const found = isFit(model) ? visitFit(model) : visitShift(model);
    visited.set(model, found);
    return found;
  };
  const visitShift = (model: Shifted): Shifted => {
    const key = JSON.stringify(model);
    const found = shifts.get(key) ?? model;
    if (!shifts.has(key)) {
      ids.set(found, `shift ${shifts.size}`);
      shifts.set(key, found);
    }
    return found;
  };
  const visitFit = (fit: Fit): FitNode => {
    const parents = fit.data.map(({ labels }) => visit(labels));
    const { data, ...rest } = fit;
    const blocks = data.map(({ labels: _, ...block }, b) => [parents[b] ? ids.get(parents[b]) : 'truth', block]);
    const key = JSON.stringify([blocks, rest]);
    let node = nodes.get(key);
    if (!node) {
      const design = JSON.stringify(
        designOf(
          fit,
          parents.map(() => 0),
        ).design,
      );
      node = { fit, parents, design, labels: false, cells: [] };
      ids.set(node, `fit ${nodes.size}`);
      nodes.set(key, node);
    }
    for (const parent of parents) if (parent && 'fit' in parent) parent.labels = true;
    return node;
  };
  recipes.forEach((recipe, cell) => {
    (visit(recipe.estimate) as FitNode).cells.push(cell);
  });
  return { nodes: [...nodes.values()], shifts: [...shifts.values()] };
}

/**
 * The fits of the next pass: all pending fits of a design once every one of them has its labels, so that a design is
 * visited once; failing that (a design labelled by a fit to itself), those of the first design that are ready.
 */
function nextPass(candidates: readonly FitNode[], pending: ReadonlySet<FitNode>): FitNode[] {
  const isReady = ({ parents }: FitNode) => parents.every((parent) => !pending.has(parent as FitNode));
  const groups = new Map<string, FitNode[]>();
  for (const node of candidates) {
    const group = groups.get(node.design);
    if (group) group.push(node);
    else groups.set(node.design, [node]);
  }
  for (const group of groups.values()) if (group.every(isReady)) return group;
  for (const group of groups.values()) if (group.some(isReady)) return group.filter(isReady);
  throw new Error('A model is labelled by itself.');
}
