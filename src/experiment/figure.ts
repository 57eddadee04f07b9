import type { Axis, FigureChoice } from './experiment.ts';

/**
 * The figure of a panel: what the file asks for, as far as it varies. An axis that takes one value, be it after an
 * override, cannot be drawn along: x is then the first axis that varies other than the innermost, and the innermost
 * makes the series. null where nothing varies.
 */
export function figureOf(asked: Partial<FigureChoice>, axes: readonly Axis[]): FigureChoice | null {
  const axesChosen = axesOf(asked, axes);
  if (axesChosen === null) return null;
  const { levels, errors } = asked;
  return { ...axesChosen, ...(levels ? { levels } : {}), ...(errors ? { errors } : {}) };
}

function axesOf(asked: Partial<FigureChoice>, axes: readonly Axis[]): FigureChoice | null {
  const varying = axes.filter(({ values }) => values.length > 1).map(({ path }) => path);
  const x = asked.x !== undefined && varying.includes(asked.x) ? asked.x : varying[0];
  if (x === undefined) return null;
  const others = varying.filter((path) => path !== x);
  const series = asked.series !== undefined && others.includes(asked.series) ? asked.series : others.at(-1);
  return series === undefined ? { x } : { x, series };
}
