/** A batch of long trials as far as it is drawn: enough to go on from. */
export interface Checkpoint {
  readonly first: number;
  readonly count: number;
  /** Trials that the buffers have room for. */
  readonly capacity: number;
  /** Fingerprint of the program. */
  readonly program: string;
  /** Steps of it that are done, a mark of it. */
  readonly steps: number;
  /** Contents of the buffers of its state, one after the other. */
  readonly state: Uint8Array<ArrayBuffer>;
}

/** Where checkpoints of one source go, and the one that an earlier run left. */
export interface CheckpointKeeper {
  /** Taken by the batch that it is of. */
  readonly last: Checkpoint | null;
  /** Milliseconds of work from one checkpoint to the next. */
  readonly every: number;
  save(checkpoint: Checkpoint): Promise<void>;
  /** Told in place of `save` what is more than may be kept. */
  tooLarge(bytes: number): void;
}

/** Bytes of a checkpoint at most: of a larger one nothing is kept. */
export const MOST_CHECKPOINT_BYTES = 2 ** 28;
