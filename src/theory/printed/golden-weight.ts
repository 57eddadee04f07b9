/**
 * w at which the error of least squares is least after many rounds, and that least error in units of one fit's (arXiv:2502.18049).
 * `noiseRatio` is the variance of synthetic label noise over that of real.
 */
export function goldenWeight(noiseRatio = 1): number {
  return (Math.sqrt(noiseRatio ** 2 + 4 * noiseRatio) - noiseRatio) / 2;
}
