import { drawName } from '../../../regimes/draw.ts';
import {
  type Descent,
  type Draw,
  type Fit,
  isFit,
  type LinearRecipe,
  ModelNumbers,
  type Truth,
} from '../../../regimes/recipe.ts';
import type { CellResultPlace } from '../../batch.ts';

/** An estimate that a pass has after so many of its rows. */
export interface Checkpoint {
  readonly rows: number;
  /** Number of its test error; null where no cell asks for it. */
  readonly error: number | null;
  /** Slot that it is kept in for later passes; null where nothing is labelled by it. */
  readonly slot: number | null;
}

/** A pass over the rows of a draw, with all estimates on its way in rising order: a longer one begins with a shorter one. */
export interface DescentPass extends Descent {
  readonly draw: Draw;
  /** Slot of the model that labels the rows; 0 is the truth. */
  readonly labels: number;
  readonly noise: number;
  /** Eigenvalues of the covariance of the rows. */
  readonly spectrum: readonly number[];
  readonly checkpoints: readonly Checkpoint[];
}

/** Everything one trial does, each shared piece once. */
export interface DescentSchedule {
  readonly dimension: number;
  readonly spectrum: readonly number[];
  readonly truth: Truth;
  readonly modelSlots: number;
  readonly errors: number;
  readonly passes: readonly DescentPass[];
  readonly cells: readonly CellResultPlace[];
}

interface Node {
  readonly fit: Fit;
  readonly number: number;
  readonly pass: number;
  slot: number | null;
  error: number | null;
}

/** Compiles the recipes of one job, which share dimension, spectrum and truth; every fit of theirs is by descent. */
export function descentScheduleOf(recipes: readonly LinearRecipe[]): DescentSchedule {
  const { dimension, spectrum, truth } = recipes[0]!;
  const numbers = new ModelNumbers();
  const nodes = new Map<number, Node>();
  const passes: { readonly key: string; readonly nodes: Node[] }[] = [];
  const cells: CellResultPlace[] = [];
  let [slots, errors] = [1, 0];
  for (const { estimate, unit = 0 } of recipes) {
    for (const fit of numbers.add(estimate).filter(isFit)) {
      const { labels } = fit.data[0]!;
      const parent = labels === 'truth' ? null : nodes.get(numbers.of(labels))!;
      if (parent) parent.slot ??= slots++;
      const key = passKey(fit, parent?.number ?? -1);
      let pass = passes.findIndex((one) => one.key === key);
      if (pass < 0) pass = passes.push({ key, nodes: [] }) - 1;
      const node = { fit, number: numbers.of(fit), pass, slot: null, error: null };
      passes[pass]!.nodes.push(node);
      nodes.set(node.number, node);
    }
    const node = nodes.get(numbers.of(estimate))!;
    node.error ??= errors++;
    cells.push({ error: node.error, factors: [], unit });
  }
  const slotOf = ({ data: [block] }: Fit) =>
    block!.labels === 'truth' ? 0 : nodes.get(numbers.of(block!.labels))!.slot!;
  return {
    dimension,
    spectrum,
    truth,
    modelSlots: slots,
    errors,
    cells,
    passes: passes.map(({ nodes: own }) => {
      const { data, descent } = own[0]!.fit;
      const block = data[0]!;
      return {
        ...descent!,
        draw: block.inputs,
        labels: slotOf(own[0]!.fit),
        noise: block.noise,
        spectrum: block.spectrum ?? spectrum,
        checkpoints: own
          .map(({ fit, error, slot }) => ({ rows: fit.data[0]!.rows, error, slot }))
          .sort((a, b) => a.rows - b.rows),
      };
    }),
  };
}

/** Fits of one key are one pass: all but the number of rows is the same, and where the rate or the average depend on it that too. */
function passKey({ data, descent }: Fit, parent: number): string {
  const { inputs, noise, spectrum, rows } = data[0]!;
  const { halvings, averaged } = descent!;
  const whole = halvings > 0 || averaged > 1 ? rows : 0;
  return JSON.stringify([drawName(inputs), parent, noise, spectrum, descent, whole]);
}

/** Steps of one rate, from a step on, all of them averaged or none. */
export interface Stretch {
  readonly first: number;
  readonly steps: number;
  readonly rate: number;
  readonly averaging: boolean;
  /** What is then finished; null within a pass. */
  readonly checkpoint: Checkpoint | null;
}

/** The stretches of a pass, none longer than `most` steps. */
export function stretchesOf(pass: DescentPass, most: number): readonly Stretch[] {
  const { batch, rate, halvings, averaged, checkpoints } = pass;
  const all = checkpoints.at(-1)!.rows / batch;
  const halved = Array.from({ length: halvings }, (_, l) => Math.ceil(((l + 1) * all) / (halvings + 1)));
  const from = averaged > 1 ? all - averaged : all;
  const ends = new Set([...checkpoints.map(({ rows }) => rows / batch), ...halved, from]);
  const stretches: Stretch[] = [];
  let first = 0;
  for (const end of [...ends].filter((step) => step > 0).sort((a, b) => a - b))
    while (first < end) {
      const steps = Math.min(most, end - first);
      const level = halved.filter((step) => step <= first).length;
      const checkpoint = checkpoints.find(({ rows }) => rows / batch === first + steps) ?? null;
      stretches.push({ first, steps, rate: rate * 0.5 ** level, averaging: first >= from, checkpoint });
      first += steps;
    }
  return stretches;
}
