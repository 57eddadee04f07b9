import {
  type Fit,
  isFit,
  type LinearRecipe,
  type Model,
  ModelNumbers,
  type Scaled,
  type Shifted,
  type Truth,
} from '../regimes/recipe.ts';
import type { CellResultPlace } from './batch.ts';
import { type Design, designOf, type Label } from './design.ts';

/** One set of labels on a design. */
export interface RightHandSide {
  /** Labels of the same rows, each with its share, add up. */
  readonly labels: readonly Label[];
}

/** One fit that a pass produces. */
export interface FitOutput {
  readonly side: number;
  readonly ridge: number;
  /** Slot in which the estimate is kept for later passes; null if nothing is labelled by it. */
  readonly slot: number | null;
}

/** What passes of every kind have in common. */
export interface PassLayout {
  /** Of the design. */
  readonly rows: number;
  /** Values of lambda. */
  readonly ridges: readonly number[];
  readonly outputs: readonly FitOutput[];
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
export interface FitPass extends PassLayout {
  readonly design: Design;
  readonly sides: readonly RightHandSide[];
}

/** A truth that is shifted, and the slot that it is drawn to. */
export interface ShiftSlot {
  readonly slot: number;
  readonly model: Shifted;
}

/** A truth that is scaled by coordinate, and its slot. */
export interface ScaledSlot {
  readonly slot: number;
  readonly model: Scaled;
}

/** What schedules of every kind have in common. */
export interface TrialLayout {
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
export interface FitSchedule extends TrialLayout {
  readonly shifts: readonly ShiftSlot[];
  readonly scaled: readonly ScaledSlot[];
  readonly passes: readonly FitPass[];
}

/** A model that is no fit. */
type Given = Shifted | Scaled;

interface FitNode {
  readonly fit: Fit;
  /** By block; null is the truth. */
  readonly parents: readonly (FitNode | Given | null)[];
  /** Tells the design from others. */
  readonly design: string;
  /** True if another fit is labelled by this one. */
  labels: boolean;
  cells: number[];
}

/** Several samplers ask for the schedule of a job, and chains are long: what was compiled last for its first estimate. */
const compiled = new WeakMap<Fit, { readonly recipes: readonly LinearRecipe[]; readonly schedule: FitSchedule }>();

/** Compiles the recipes of one job, which share dimension, spectrum and truth. */
export function fitScheduleOf(recipes: readonly LinearRecipe[]): FitSchedule {
  const { estimate } = recipes[0]!;
  const known = compiled.get(estimate);
  if (known && areSame(known.recipes, recipes)) return known.schedule;
  const schedule = compile(recipes);
  compiled.set(estimate, { recipes, schedule });
  return schedule;
}

function areSame(a: readonly LinearRecipe[], b: readonly LinearRecipe[]): boolean {
  const isSame = (one: LinearRecipe, other: LinearRecipe) =>
    one.estimate === other.estimate &&
    one.dimension === other.dimension &&
    one.spectrum === other.spectrum &&
    one.truth === other.truth &&
    one.unit === other.unit;
  return a.length === b.length && a.every((one, i) => isSame(one, b[i]!));
}

function compile(recipes: readonly LinearRecipe[]): FitSchedule {
  const { nodes, shifts, scaled } = collectFits(recipes);
  const slots = new Map<FitNode | Given, number>([...shifts, ...scaled].map((model, i) => [model, i + 1]));
  const places = new Map<FitNode, { error: number; factor: number }>();
  const passes: FitPass[] = [];
  let factors = 0;
  let errors = 0;
  const agenda = new Agenda(nodes);
  let lastDesign = '';
  for (let ready = agenda.next(); ready; ready = agenda.next()) {
    const slotsOf = ({ parents }: FitNode) => parents.map((parent) => (parent ? slots.get(parent)! : 0));
    const laidOut = ready.map((node) => designOf(node.fit, slotsOf(node)));
    const { design } = laidOut[0]!;
    const sideKeys = new Map<string, number>();
    const sides: RightHandSide[] = [];
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
    const outputs = ready.map((node, i): FitOutput => {
      const side = sideOf[i]!;
      const ridge = ridges.indexOf(node.fit.ridge);
      if (node.labels) slots.set(node, slots.size + 1);
      places.set(node, { error: errors + ridge * sides.length + side, factor: firstFactor + ridge });
      return { side, ridge, slot: slots.get(node) ?? null };
    });
    const measured = ready.some((node) => node.cells.length > 0);
    const { rows } = design;
    passes.push({ design, rows, sides, ridges, outputs, factorReady, firstFactor, firstError: errors, measured });
    lastDesign = ready[0]!.design;
    if (measured) errors += sides.length * ridges.length;
  }
  const { dimension, spectrum, truth, unit = 0 } = recipes[0]!;
  const cells: CellResultPlace[] = [];
  for (const node of nodes.filter((one) => one.cells.length > 0)) {
    const factors = new Set(fitsBehind(node).map((one) => places.get(one)!.factor));
    for (const cell of node.cells) cells[cell] = { error: places.get(node)!.error, factors: [...factors], unit };
  }
  return {
    dimension,
    spectrum,
    truth,
    shifts: shifts.map((model) => ({ slot: slots.get(model)!, model })),
    scaled: scaled.map((model) => ({ slot: slots.get(model)!, model })),
    modelSlots: slots.size + 1,
    factors,
    errors,
    passes,
    cells,
  };
}

/** Every distinct fit once, labelling fits before the fits they label, and every distinct shift and scale. */
function collectFits(recipes: readonly LinearRecipe[]) {
  const { dimension } = recipes[0]!;
  const numbers = new ModelNumbers();
  const found = new Map<number, FitNode | Given>();
  const nodeOf = (model: Model) => found.get(numbers.of(model)) ?? null;
  for (const [cell, { estimate }] of recipes.entries()) {
    for (const model of numbers.add(estimate))
      found.set(numbers.of(model), isFit(model) ? fitNode(withoutRedundant(model, dimension), nodeOf) : model);
    (nodeOf(estimate) as FitNode).cells.push(cell);
  }
  const all = [...found.values()];
  return {
    nodes: all.filter((one) => 'fit' in one),
    shifts: all.filter((one) => 'shift' in one),
    scaled: all.filter((one) => 'factors' in one),
  };
}

function fitNode(fit: Fit, nodeOf: (model: Model) => FitNode | Given | null): FitNode {
  const parents = fit.data.map(({ labels }) => nodeOf(labels));
  for (const parent of parents) if (parent && 'fit' in parent) parent.labels = true;
  const nowhere = parents.map(() => 0);
  return { fit, parents, design: JSON.stringify(designOf(fit, nowhere).design), labels: false, cells: [] };
}

/**
 * The same estimate, without more random features than dimensions where these make no difference: least squares on Z = X S with X of
 * full column rank and S of full row rank is w = S Z^+ y = S S^+ X^+ y = X^+ y, while Z'Z is singular.
 */
function withoutRedundant(fit: Fit, dimension: number): Fit {
  const { projection, ...rest } = fit;
  if (!projection || fit.ridge > 0 || fit.subsample || projection.features <= dimension) return fit;
  const { design } = designOf(
    fit,
    fit.data.map(() => 0),
  );
  return design.rows >= dimension && !design.parts.some(({ spectrum }) => spectrum?.includes(0)) ? rest : fit;
}

/** A fit and all fits behind it, each once and after those that label it. */
function fitsBehind(node: FitNode): readonly FitNode[] {
  const done = new Set<FitNode>();
  const path = [{ node, next: 0 }];
  for (let top = path.at(-1); top; top = path.at(-1)) {
    const parent = top.node.parents[top.next++];
    if (parent === undefined) {
      done.add(top.node);
      path.pop();
    } else if (parent && 'fit' in parent && !done.has(parent)) path.push({ node: parent, next: 0 });
  }
  return [...done];
}

/** Fits of one design that are still to be done, in the order of all fits. */
interface Group {
  readonly pending: Set<FitNode>;
  readonly ready: Set<FitNode>;
  /** Place of the first one among all fits, and of the first that is pending. */
  readonly began: number;
  first: number;
}

/**
 * Hands out the fits of pass after pass: all pending fits of a design once every one of them has its labels, so that a design is
 * visited once; failing that (a design labelled by a fit to itself), those of the first design that are ready.
 */
class Agenda {
  readonly #places: ReadonlyMap<FitNode, number>;
  readonly #groups = new Map<string, Group>();
  /** Fits that label it and are to be done before. */
  readonly #waiting = new Map<FitNode, number>();
  readonly #labelled = new Map<FitNode, FitNode[]>();

  constructor(nodes: readonly FitNode[]) {
    this.#places = new Map(nodes.map((node, place) => [node, place]));
    for (const [place, node] of nodes.entries()) {
      const group = this.#groups.get(node.design) ?? {
        pending: new Set(),
        ready: new Set(),
        began: place,
        first: place,
      };
      this.#groups.set(node.design, group);
      group.pending.add(node);
      const parents = new Set(node.parents.filter((parent) => parent !== null && 'fit' in parent));
      for (const parent of parents) {
        const labelled = this.#labelled.get(parent);
        if (labelled) labelled.push(node);
        else this.#labelled.set(parent, [node]);
      }
      this.#waiting.set(node, parents.size);
      if (parents.size === 0) group.ready.add(node);
    }
  }

  /** null once all are done. */
  next(): readonly FitNode[] | null {
    if (this.#groups.size === 0) return null;
    const group =
      this.#first(({ pending, ready }) => ready.size === pending.size) ?? this.#first(({ ready }) => ready.size > 0);
    if (!group) throw new Error('A model is labelled by itself.');
    const fits = [...group.ready].sort((a, b) => this.#places.get(a)! - this.#places.get(b)!);
    for (const fit of fits) this.#done(fit, group);
    return fits;
  }

  /** The one whose first fit comes before that of the others. Groups stand in the order in which they began, and `first` only grows. */
  #first(suits: (group: Group) => boolean): Group | null {
    let best: Group | null = null;
    for (const group of this.#groups.values()) {
      if (best && group.began > best.first) break;
      if (suits(group) && (!best || group.first < best.first)) best = group;
    }
    return best;
  }

  #done(fit: FitNode, group: Group): void {
    group.pending.delete(fit);
    group.ready.delete(fit);
    const [next] = group.pending;
    if (next) group.first = this.#places.get(next)!;
    else this.#groups.delete(fit.design);
    for (const child of this.#labelled.get(fit) ?? []) {
      const waiting = this.#waiting.get(child)! - 1;
      this.#waiting.set(child, waiting);
      if (waiting === 0) this.#groups.get(child.design)!.ready.add(child);
    }
  }
}
