import * as kernels from '../../../kernels/memory.ts';
import { type Target, tuningOf } from '../../../kernels/tuning.ts';
import { TRIALS } from '../../../program/amount.ts';
import { Program } from '../../../program/program.ts';
import { tokenLaw } from '../../../regimes/discrete-law.ts';
import { launchAddress } from '../../address.ts';
import { bitsOf, massWords, tableOf, WHOLE } from '../masses.ts';
import { EMBEDDINGS, heaviestOf, type MemoryJob } from './job.ts';

/** Operations that take as long as a draw, a word of two rows compared, an association recalled, and one scored for a label. */
const DRAW_WORK = 60;
const WORD_WORK = 4;
const RECALL_WORK = 4;
const SCORE_WORK = 4;

/** Counts and embeddings stay on the device, masses of wrong tokens come back. */
export function memoryProgram(job: MemoryJob, seed: number, target: Target): Program {
  const { tokens, world, lines, cells } = job;
  const { labels, dimension } = world;
  const program = new Program({ results: ['sums'], read: readerOf(cells), changesFor });
  const [rows, words] = [tokens + labels, Math.ceil(dimension / 32)];
  const bits = bitsOf(tokens);
  const masses = program.shared('masses', 2 * tokens, () => massWords(tokenLaw(world.truth), tokens));
  const counts = program.buffer('counts', tokens);
  const signs = program.buffer('signs', rows * words);
  const tokenProducts = program.buffer('tokenProducts', tokens * tokens);
  const labelProducts = program.buffer('labelProducts', labels * labels);
  const associations = program.buffer('associations', labels * tokens);
  const stored = program.buffer('stored', labels);
  const sums = program.buffer('sums', 4 * cells);
  const { rows: source, products: tiles } = tuningOf(target);

  const multiply = (offset: number, count: number, products: typeof sums) =>
    program.dispatch(
      kernels.memoryProducts,
      { signs, products },
      { groups: Math.ceil(count / 4) * Math.ceil(count / 64), work: (WORD_WORK * count * count * words) / 2 },
      { rows, words, dimension, offset, count },
    );

  const recall = (cell: number, draws: number) => {
    program.dispatch(
      kernels.memoryAssociations,
      { counts, tokens: tokenProducts, associations, stored },
      {
        groups: Math.ceil(tokens / 64),
        work: RECALL_WORK * tokens * (tokens + labels),
        constants: { SEEN: world.weights === 'seen' },
      },
      { tokens, labels },
    );
    const SPLIT = kernels.recallSplit(heaviestOf(world, draws, tokens), dimension);
    program.dispatch(
      kernels.memoryRecall[source],
      { associations, stored, labels: labelProducts, masses, sums },
      {
        groups: Math.ceil(tokens / kernels.RECALLED_PER_LANE / tiles.lanes),
        // Labels of which none was drawn are scored, but store nothing.
        work: (SPLIT ? SCORE_WORK : SCORE_WORK / 2) * tokens * labels * Math.min(labels, tokens, draws),
        constants: { LANES: tiles.lanes, SPLIT },
      },
      { trials: TRIALS, tokens, labels, stride: kernels.memoryStride(dimension), cell },
    );
  };

  program.clear(sums);
  program.dispatch(
    kernels.memoryEmbeddings,
    { signs },
    { groups: Math.ceil((rows * Math.ceil(words / 4)) / 64), work: 20 * rows * words },
    { ...launchAddress(seed, EMBEDDINGS), rows, words, dimension },
  );
  multiply(0, tokens, tokenProducts);
  multiply(tokens, labels, labelProducts);
  for (const [number, { draw, law, states }] of lines.entries()) {
    const table = program.shared(`table${number}`, 2 ** (1 + bits), () => tableOf(tokenLaw(law), tokens).words);
    program.clear(counts);
    let first = 0;
    for (const { size: end, cells: looking } of states) {
      program.dispatch(
        kernels.memoryDraws,
        { table, counts },
        {
          groups: 1 + Math.ceil((end - first) / kernels.MEMORY_DRAWS_PER_GROUP),
          normals: end - first,
          work: DRAW_WORK * Math.max(end - first, 64),
        },
        { ...launchAddress(seed, draw), first, end, tokens, bits },
      );
      first = end;
      for (const cell of looking) recall(cell, end);
    }
  }
  return program;
}

/** Masses in four limbs of 12 bits. */
const readerOf =
  (cells: number): Program['form']['read'] =>
  ([contents], first, count, capacity) => {
    const sums = new Uint32Array(contents!);
    const errors = Float64Array.from({ length: cells * count }, (_, at) => {
      const [cell, trial] = [Math.floor(at / count), at % count];
      const limb = (l: number) => sums[(4 * cell + l) * capacity + trial]! * 2 ** (12 * l);
      return (limb(0) + limb(1) + limb(2) + limb(3)) / WHOLE;
    });
    return { first, count, errors, statuses: new Uint8Array(errors.length) };
  };

function changesFor(buffer: string, words: number): readonly string[] {
  const side = Math.floor(Math.sqrt(words));
  switch (buffer) {
    case 'signs':
      return ['a smaller dimension'];
    case 'labelProducts':
      return [`at most ${side} labels`];
    case 'associations':
      return [`fewer tokens or labels, at most ${words} of one times the other`];
    default:
      return [`a support of at most ${side} tokens`];
  }
}
