/** A number that grows with the trials that buffers have room for: `each` for every one of them, and `plus`. */
export interface Each {
  readonly each: number;
  readonly plus: number;
}

/** A launch field, an offset or a length: the same for any batch, or linear in its capacity. */
export type Amount = number | Each;

/** `count` times the capacity of the batch, and `plus` more. */
export const each = (count: number, plus = 0): Each => ({ each: count, plus });

/** The capacity itself: what shaders call `trials` or `layers`. */
export const TRIALS: Each = each(1);

export function add(a: Amount, b: Amount): Amount {
  const [x, y] = [eachOf(a), eachOf(b)];
  return simple(each(x.each + y.each, x.plus + y.plus));
}

export function times(amount: Amount, factor: number): Amount {
  const { each: count, plus } = eachOf(amount);
  return simple(each(count * factor, plus * factor));
}

/** The number that it is for a batch of at most so many trials. */
export function amountFor(amount: Amount, capacity: number): number {
  return typeof amount === 'number' ? amount : amount.each * capacity + amount.plus;
}

/** `12`, `3 n` or `3 n + 12`, n being the capacity. */
export function amountText(amount: Amount): string {
  if (typeof amount === 'number') return String(amount);
  const { each: count, plus } = amount;
  const grown = count === 1 ? 'n' : `${count} n`;
  return plus === 0 ? grown : `${grown} + ${plus}`;
}

const eachOf = (amount: Amount): Each => (typeof amount === 'number' ? each(0, amount) : amount);

const simple = (amount: Each): Amount => (amount.each === 0 ? amount.plus : amount);
