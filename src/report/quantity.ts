import { type Panel, TERMS, type Term } from '../experiment/experiment.ts';
import type { CellResult, FitResult } from '../experiment/results.ts';

/** What a figure draws along y, in words. */
interface Quantity {
  readonly name: string;
  /** Sentence for the caption; null where the name says it. */
  readonly meaning: string | null;
}

const QUANTITIES: Readonly<Record<Term | 'error', Quantity>> = {
  error: { name: 'test error E', meaning: null },
  bias: { name: 'bias', meaning: 'Bias: the test error without any label noise.' },
  variance: { name: 'variance', meaning: 'Variance: what the label noise of the last fit adds to the test error.' },
  collapse: {
    name: 'collapse term',
    meaning: 'Collapse term: what is wrong with the models that label the data adds to the test error.',
  },
};

/** What is drawn along y: the test error, by its own name where it has one, or a term. */
export function quantityOf({ y, errorName }: Panel): Quantity {
  return y === undefined && errorName !== undefined ? { name: errorName, meaning: null } : QUANTITIES[y ?? 'error'];
}

/** A cell as if the term were its test error; the cell itself where it has no such term. */
export function asTerm(cell: CellResult, term: Term | undefined): CellResult {
  return term && cell.terms ? { ...cell, ...cell.terms[term] } : cell;
}

/** What a figure is made of, with the term it asks for in place of the test error. Print and fits are of the error alone. */
export function inQuantity<
  T extends {
    readonly panel: Panel;
    readonly cells: readonly CellResult[];
    readonly fits?: readonly FitResult[] | undefined;
  },
>(input: T): T {
  const { panel, cells } = input;
  if (!panel.y) return input;
  return {
    ...input,
    panel: { ...panel, expected: undefined },
    cells: cells.map((cell) => asTerm(cell, panel.y)),
    fits: undefined,
  };
}

/** Every cell, followed by its terms where it has any. */
export function partsOf(cell: CellResult): readonly { readonly part: Term | null; readonly cell: CellResult }[] {
  const terms = cell.terms ? TERMS.map((term) => ({ part: term, cell: asTerm(cell, term) })) : [];
  return [{ part: null, cell }, ...terms];
}
