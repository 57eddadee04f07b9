/** How far Adam looks back for mean and mean square, and what it adds to the root of the latter. */
export interface Decay {
  readonly first: number;
  readonly second: number;
  readonly least: number;
}

/** Adam's state and step. */
export class Adam {
  readonly #decay: Decay;
  readonly #first: Float64Array;
  readonly #second: Float64Array;
  #steps = 0;

  constructor(weights: number, decay: Decay) {
    this.#decay = decay;
    this.#first = new Float64Array(weights);
    this.#second = new Float64Array(weights);
  }

  step(weights: Float64Array, gradient: Float64Array, rate: number): void {
    const { first, second, least } = this.#decay;
    this.#steps++;
    const [c1, c2] = [1 - first ** this.#steps, 1 - second ** this.#steps];
    for (let i = 0; i < weights.length; i++) {
      const g = gradient[i]!;
      this.#first[i] = first * this.#first[i]! + (1 - first) * g;
      this.#second[i] = second * this.#second[i]! + (1 - second) * g * g;
      weights[i]! -= (rate * this.#first[i]!) / c1 / (Math.sqrt(this.#second[i]! / c2) + least);
    }
  }
}

/** What a device wants of step 1, 2 and so on in place of counting. */
export const unbiased = ({ first, second }: Decay, step: number) => ({
  unbiased_first: 1 / (1 - first ** step),
  unbiased_second: 1 / (1 - second ** step),
});
