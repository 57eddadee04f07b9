/** Images with labels, from files: what rows are drawn from, and what is tested on. */
export interface Population {
  readonly name: string;
  readonly training: number;
  readonly test: number;
  /** Pixels of an image. */
  readonly features: number;
}

/**
 * What becomes of pixels: every image less its own mean, with standard deviation 1; every pixel less its mean over the training set,
 * all scaled together to mean variance 1; numbers within 0..1; bytes as they are.
 */
export type Preprocessing = 'image' | 'pixel' | 'unit' | 'bytes';
