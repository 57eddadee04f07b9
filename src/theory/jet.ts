/**
 * Numbers `value + label u + probe v + mixed u v` with u^2 = v^2 = 0: calculating with them differentiates once in each of
 * two directions. In `mixture-moments.ts` u scales the labels and v a penalty on the error whose mean is wanted.
 */
export interface Jet {
  readonly value: number;
  readonly label: number;
  readonly probe: number;
  readonly mixed: number;
}

export function jet(value: number, label = 0, probe = 0, mixed = 0): Jet {
  return { value, label, probe, mixed };
}

export function plus(a: Jet, b: Jet): Jet {
  return jet(a.value + b.value, a.label + b.label, a.probe + b.probe, a.mixed + b.mixed);
}

export function times(a: Jet, b: Jet): Jet {
  return jet(
    a.value * b.value,
    a.value * b.label + a.label * b.value,
    a.value * b.probe + a.probe * b.value,
    a.value * b.mixed + a.label * b.probe + a.probe * b.label + a.mixed * b.value,
  );
}

export function scaled(factor: number, a: Jet): Jet {
  return jet(factor * a.value, factor * a.label, factor * a.probe, factor * a.mixed);
}

export const minus = (a: Jet, b: Jet): Jet => plus(a, scaled(-1, b));

export function inverse(a: Jet): Jet {
  const r = 1 / a.value;
  return jet(r, -r * r * a.label, -r * r * a.probe, r * r * (2 * r * a.label * a.probe - a.mixed));
}

/** The part of `log a` in u v. */
export function mixedLogarithm(a: Jet): number {
  const r = 1 / a.value;
  return r * (a.mixed - r * a.label * a.probe);
}
