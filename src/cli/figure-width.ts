import { FIGURE_WIDTHS, type FigureWidth } from '../report/figure.ts';
import { CliError, Exit } from './exit.ts';

/** CSS pixels of a unit of length. */
const UNITS: Readonly<Record<string, number>> = { px: 1, pt: 96 / 72, in: 96, mm: 96 / 25.4, cm: 96 / 2.54 };

/** Narrower figures have no room for their letters; wider ones are a slip. */
const [NARROWEST, WIDEST] = [150, 4000];

/** Reads `--width`: a name, or a length such as 3.25in, 84mm or 312 (pixels, 96 to the inch). Throws a `CliError`. */
export function figureWidth(text: string): FigureWidth {
  if (Object.hasOwn(FIGURE_WIDTHS, text)) return text as FigureWidth;
  const length = /^(\d+\.?\d*|\.\d+)\s*(px|pt|in|mm|cm)?$/.exec(text);
  const pixels = length ? Math.round(100 * Number(length[1]) * UNITS[length[2] ?? 'px']!) / 100 : Number.NaN;
  if (pixels >= NARROWEST && pixels <= WIDEST) return pixels;
  const names = Object.keys(FIGURE_WIDTHS).join(', ');
  throw new CliError(
    Exit.wrongExperiment,
    `--width ${text}: need one of ${names}, or a length such as 3.25in, 84mm or 400 (pixels), from ${NARROWEST} to ${WIDEST} pixels.`,
  );
}
