import { nextTerm, restOfSeries } from './expansion.ts';
import { type NetworkBlock, type NetworkPart, networkError } from './fit-network.ts';
import type { Prediction } from './prediction.ts';

/**
 * K models learn from each other (arXiv:2505.21677): each has private rows, all have the public ones, and in every round each labels fresh
 * rows which all learn from. Weighted least squares, of minimum norm.
 */
export interface EcosystemProblem {
  /** Eigenvalues of Sigma, all positive, length d. */
  readonly spectrum: readonly number[];
  /** E[c_j^2] of the coordinates of w0. */
  readonly signal: readonly number[];
  /** K. */
  readonly entities: number;
  readonly privateRows: number;
  readonly publicRows: number;
  /** Fresh rows that each model labels in a round. */
  readonly syntheticRows: number;
  /** Standard deviation of the noise of all labels. */
  readonly noise: number;
  /** beta, share of the private rows among the real ones. */
  readonly privateShare: number;
  /** alpha, share of the rows that models labelled, from the second fit on. */
  readonly exchange: number;
  /** Coordinates that the private rows of model k have: those from k rank on, in a circle; d: all. */
  readonly rank: number;
  /** Rounds of exchange; 0 is a fit to real rows alone. */
  readonly rounds: number;
}

/** Who has which rows: blocks by number, and what each fit sees, round by round and entity by entity. */
interface Society {
  readonly blocks: readonly NetworkBlock[];
  readonly fits: readonly (readonly NetworkPart[])[];
}

const PAPER = 'arXiv:2505.21677v1';

/** Blocks beyond which the second order, which takes their square for every part of every fit, is not worked out. */
const MOST_BLOCKS = 200;

/**
 * Mean of `||w - w0||_Sigma^2` of the first model. With private rows of full rank to two orders in d/n (`fit-network.ts`); else to the first one, each
 * coordinate for itself. null where the rows of a fit are fewer than twice the dimension: powers of d/n say little there.
 */
export function ecosystemTestError(problem: EcosystemProblem): Prediction | null {
  const d = problem.spectrum.length;
  const society = societyOf(problem);
  const first = society.fits[0]!.reduce((sum, { block }) => sum + society.blocks[block]!.rows, 0);
  if (first < 2 * d) return null;
  if (problem.rank < d || society.blocks.length > MOST_BLOCKS) {
    const value = firstOrder(problem, society);
    const rows = society.fits.flatMap((fit) => fit.map(({ block }) => society.blocks[block]!.rows));
    const t = (2 * (d + 1)) / rows.reduce((least, n) => Math.min(least, n));
    return { kind: 'value', value, allowance: value * restOfSeries(t), source: `${PAPER}, Thm 1, for many rows` };
  }
  const { leading, correction } = networkError(d, society.blocks, society.fits);
  const t = leading === 0 ? 0 : Math.abs(correction / leading);
  const value = leading + correction;
  const allowance = value * (nextTerm(t) + nextTerm((d + 1) / first));
  return { kind: 'value', value, allowance, leading, source: `${PAPER}, Thm 1, with terms of order d/n` };
}

/** Public rows are block 0, private ones follow, then those of each round. Parts without weight are left out. */
function societyOf(p: EcosystemProblem): Society {
  const variance = p.noise ** 2;
  const entities = Array.from({ length: p.entities }, (_, k) => k);
  const blocks = [{ rows: p.publicRows, variance }, ...entities.map(() => ({ rows: p.privateRows, variance }))];
  const fits: NetworkPart[][] = [];
  for (let round = 0; round <= p.rounds; round++) {
    const exchange = round === 0 ? 0 : p.exchange;
    const start = blocks.length;
    if (exchange > 0) blocks.push(...entities.map(() => ({ rows: p.syntheticRows, variance })));
    const shared = entities.map((k) => ({
      block: start + k,
      share: exchange / p.entities,
      labels: (round - 1) * p.entities + k,
    }));
    for (const k of entities) {
      const own = [
        { block: 0, share: (1 - exchange) * (1 - p.privateShare), labels: null },
        { block: 1 + k, share: (1 - exchange) * p.privateShare, labels: null },
      ];
      fits.push([...own, ...shared].filter(({ share }) => share > 0));
    }
  }
  // The first model is the one that is tested.
  return { blocks, fits: fits.slice(0, fits.length - p.entities + 1) };
}

/** Designs are their means: Thm 1 of the paper coordinate by coordinate, and coordinates that nobody sees stay 0. */
function firstOrder(p: EcosystemProblem, { blocks, fits }: Society): number {
  const d = p.spectrum.length;
  return p.spectrum.reduce((sum, s, j) => {
    const sees = (block: number) => {
      const owner = block - 1;
      if (owner < 0 || owner >= p.entities) return true;
      return (((j - owner * p.rank) % d) + d) % d < p.rank;
    };
    const done: { readonly known: number; readonly passed: Float64Array }[] = [];
    for (const fit of fits) {
      const parts = fit.filter(({ block }) => sees(block));
      const total = parts.reduce((all, { share }) => all + share, 0);
      const passed = new Float64Array(blocks.length);
      let known = 0;
      for (const { block, share, labels } of parts) {
        const part = share / total;
        const before = labels === null ? null : done[labels]!;
        passed[block]! += part;
        before?.passed.forEach((x, b) => {
          passed[b]! += part * x;
        });
        known += part * (before?.known ?? 1);
      }
      done.push({ known, passed });
    }
    const { known, passed } = done.at(-1)!;
    const scatter = blocks.reduce((all, { rows, variance }, b) => all + (variance * passed[b]! ** 2) / rows, 0);
    return sum + scatter + (1 - known) ** 2 * s * p.signal[j]!;
  }, 0);
}
