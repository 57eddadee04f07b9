import * as kernels from '../../../kernels/tokens.ts';
import { TRIALS } from '../../../program/amount.ts';
import { type BufferName, Program } from '../../../program/program.ts';
import { tokenLaw } from '../../../regimes/discrete-law.ts';
import { launchAddress } from '../../address.ts';
import type { TokenJob } from '../job.ts';
import { bitsOf, massWords, tableOf } from '../masses.ts';
import type { Look, Part, TokenSchedule } from '../schedule.ts';
import { tokensForm } from '../tally.ts';

/**
 * Operations that take as long as a draw from a table, one from a sample, and a token that is cleared and looked at. A draw looks up a word at
 * random, which takes longer the farther from the processor the words are.
 */
const TOKEN_WORK = 8;
const lawWork = (words: number): number => {
  if (words > 2 ** 16) return 28;
  return words > 2 ** 14 ? 19 : 7;
};
const memberWork = (words: number): number => (words > 2 ** 16 ? 45 : 20);

/** Where draws are kept that later ones are drawn from. */
interface Keeping {
  readonly size: number;
  readonly slot: number;
}

/** Draws, first positions and masses stay on the device, sums of masses come back. */
export function tokensProgram(job: TokenJob, seed: number): Program {
  const steps = new TokenSteps(job, seed);
  return steps.all();
}

class TokenSteps {
  readonly #job: TokenJob;
  readonly #seed: number;
  readonly #program: Program;

  constructor(job: TokenJob, seed: number) {
    const changes = (buffer: string, words: number) => changesFor(job, buffer, words);
    this.#program = new Program({ ...tokensForm(job.schedule), changesFor: changes });
    this.#job = job;
    this.#seed = seed;
  }

  all(): Program {
    this.#program.clear(this.#sums);
    for (const step of this.#job.schedule.steps) {
      if (step.kind === 'keep') this.#draw({ ...step, offset: 0 }, step, false);
      else this.#look(step.look, step.keep);
    }
    return this.#program;
  }

  #look({ parts, checkpoints, firstBin }: Look, keep: Keeping | null): void {
    const { tokens, schedule } = this.#job;
    const program = this.#program;
    program.clear(this.#seen);
    for (const part of parts) this.#draw(part, keep, true);
    const bins = checkpoints.length;
    const layers = Math.ceil(bins / kernels.BINS_PER_GROUP);
    const masses = program.shared('masses', 2 * tokens, () => massWords(tokenLaw(schedule.truth), tokens));
    const ends = program.shared('checkpoints', schedule.bins, () => checkpointsOf(schedule));
    program.dispatch(
      kernels.tokenMasses,
      { seen: this.#seen, masses, checkpoints: ends, sums: this.#sums },
      {
        groups: Math.ceil(tokens / kernels.TOKENS_PER_GROUP),
        layers,
        work: TOKEN_WORK * Math.max(tokens, kernels.TOKENS_PER_GROUP / 16) * layers,
      },
      { trials: TRIALS, tokens, first_bin: firstBin, bins },
    );
  }

  #draw({ stream, size, offset }: Part, keep: Keeping | null, marked: boolean): void {
    const { schedule, tokens } = this.#job;
    const { draw, from } = schedule.streams[stream]!;
    const [table, source, sourceSize] =
      'law' in from
        ? [this.#table(from.law), this.#nothing, 1]
        : [this.#nothing, this.#kept(schedule.slotOf.get(from.stream)!), from.size];
    const each = 'law' in from ? lawWork(2 ** (1 + bitsOf(tokens))) : memberWork(from.size);
    this.#program.dispatch(
      kernels.tokenDraws,
      { table, source, kept: keep ? this.#kept(keep.slot) : this.#nowhere, seen: this.#seen },
      {
        groups: Math.ceil(size / kernels.DRAWS_PER_GROUP),
        normals: size,
        work: each * Math.max(size, kernels.DRAWS_PER_GROUP / 16),
        constants: { FROM_SAMPLE: 'stream' in from },
      },
      {
        ...launchAddress(this.#seed, draw),
        size,
        bits: bitsOf(tokens),
        source_size: sourceSize,
        refused: 2 ** 32 % sourceSize,
        kept_size: keep?.size ?? 0,
        stride: schedule.longest,
        tokens,
        offset,
        marked: Number(marked),
      },
    );
  }

  get #sums(): BufferName {
    return this.#program.buffer('sums', 4 * this.#job.schedule.bins);
  }

  /** Stands for what a kernel does not read. */
  get #nothing(): BufferName {
    return this.#program.shared('nothing', 1);
  }

  /** Stands for what a kernel does not write. */
  get #nowhere(): BufferName {
    return this.#program.shared('nowhere', 1);
  }

  /** Which tokens a trial has seen, and when. */
  get #seen(): BufferName {
    return this.#program.buffer('seen', this.#job.tokens);
  }

  #kept(slot: number): BufferName {
    return this.#program.buffer(`kept${slot}`, this.#job.schedule.longest);
  }

  #table(law: number): BufferName {
    const { schedule, tokens } = this.#job;
    const contents = () => tableOf(tokenLaw(schedule.laws[law]!), tokens).words;
    return this.#program.shared(`table${law}`, 2 ** (1 + bitsOf(tokens)), contents);
  }
}

function checkpointsOf({ steps, bins }: TokenSchedule): Uint32Array {
  const checkpoints = new Uint32Array(bins);
  for (const step of steps) if (step.kind === 'look') checkpoints.set(step.look.checkpoints, step.look.firstBin);
  return checkpoints;
}

function changesFor({ schedule }: TokenJob, buffer: string, words: number): readonly string[] {
  if (buffer.startsWith('kept')) return [`at most ${words} samples in every generation that another is drawn from`];
  const fewer: Record<string, string> = {
    seen: `a support of at most ${words} tokens`,
    masses: `a support of at most ${Math.floor(words / 2)} tokens`,
    sums: `at most ${Math.floor((schedule.cells.length * words) / (4 * schedule.bins))} cells that share draws`,
    checkpoints: `at most ${words} cells that share draws`,
  };
  return [fewer[buffer] ?? `a support of at most ${2 ** Math.floor(Math.log2(words / 2)) - 1} tokens`];
}
