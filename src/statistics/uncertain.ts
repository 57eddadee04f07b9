/**
 * A value with one standard error, the latter to two digits and the former to the same place: 0.1234(56), 12.3(15).
 * Very small and very large values take an exponent: 1.234(56)e-7.
 */
export function uncertain(value: number, error: number): string {
  if (!Number.isFinite(value)) return '–';
  if (!(error > 0) || !Number.isFinite(error)) return plain(value);
  const exponent = value === 0 ? 0 : Math.floor(Math.log10(Math.abs(value)));
  const shift = exponent < -4 || exponent > 5 ? exponent : 0;
  const suffix = shift === 0 ? '' : `e${shift}`;
  return `${withDigits(value / 10 ** shift, error / 10 ** shift)}${suffix}`;
}

/** Four significant digits; a dash for no number. */
export function plain(value: number | null): string {
  if (value === null || !Number.isFinite(value)) return '–';
  if (value === 0) return '0';
  const size = Math.abs(value);
  return size < 1e-4 || size >= 1e6 ? value.toExponential(3) : String(Number(value.toPrecision(4)));
}

function withDigits(value: number, error: number): string {
  const [digits = '', power = ''] = error.toExponential(1).split('e');
  const decimals = 1 - Number(power);
  // An error of 10 or more has no decimals to share: it is written out as an integer.
  if (decimals <= 0) return `${Math.round(value)}(${Math.round(error)})`;
  if (decimals > 20) return plain(value);
  const shown = Number(power) < 0 ? digits.replace('.', '') : error.toFixed(decimals);
  return `${value.toFixed(decimals)}(${shown})`;
}
