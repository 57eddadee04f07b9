import type { Finding } from './check.ts';
import type { Expansion, Request } from './expansion.ts';
import { AUTO_FACET, type Axis, type FigureChoice, type JsonObject, NO_FACET, type Term } from './experiment.ts';
import { unknownName } from './problem.ts';
import type { Scheme } from './scheme.ts';

/** What a file may say of the figure. */
type Asked = Partial<FigureChoice> & { readonly y?: Term | 'error' | undefined };

export function readFigure(asked: Asked = {}, scheme: Scheme, { sweeps, axes }: Expansion): Request {
  const { y = 'error' } = asked;
  const figure = figureOf(asked, axes);
  const drawn = y === 'error' ? {} : { y };
  const choice = { ...figure, ...drawn } as JsonObject;
  return {
    findings: [...axisFindings(asked, new Set(sweeps.map(({ path }) => path))), ...termFindings(y, scheme)],
    panel: { figure, ...drawn },
    file: Object.keys(choice).length === 0 ? {} : { figure: choice },
  };
}

/** x, series and facet name numbers that the file gives, be they swept or not. */
function axisFindings(asked: Asked, known: ReadonlySet<string>): readonly Finding[] {
  return (['x', 'series', 'facet'] as const).flatMap((key) => {
    const path = asked[key];
    const others = key === 'facet' ? [AUTO_FACET, NO_FACET] : [];
    if (path === undefined || known.has(path) || others.includes(path)) return [];
    return [{ path: ['figure', key], message: unknownName('axis', path, [...known, ...others]) }];
  });
}

/** A term can be drawn only of a test error that has it. */
function termFindings(y: Term | 'error', { name, terms }: Scheme): readonly Finding[] {
  if (y === 'error' || terms !== false) return [];
  const message = `found ${JSON.stringify(y)}, but the test error of ${name} has no such term, need "error"`;
  return [{ path: ['figure', 'y'], message }];
}

/**
 * The figure of a panel: what the file asks for, as far as it varies. An axis that takes one value, be it after an
 * override, cannot be drawn along: x is then the first axis that varies other than the innermost, and the innermost
 * makes the series. null where nothing varies.
 */
function figureOf(asked: Partial<FigureChoice>, axes: readonly Axis[]): FigureChoice | null {
  const chosen = axesChosen(asked, axes);
  if (chosen === null) return null;
  const { facet, levels, errors } = asked;
  return {
    ...chosen,
    ...(facet && facet !== AUTO_FACET ? { facet } : {}),
    ...(levels ? { levels } : {}),
    ...(errors ? { errors } : {}),
  };
}

function axesChosen(asked: Partial<FigureChoice>, axes: readonly Axis[]): FigureChoice | null {
  const varying = axes.filter(({ values }) => values.length > 1).map(({ path }) => path);
  const x = asked.x !== undefined && varying.includes(asked.x) ? asked.x : varying[0];
  if (x === undefined) return null;
  const others = varying.filter((path) => path !== x);
  const series = asked.series !== undefined && others.includes(asked.series) ? asked.series : others.at(-1);
  return series === undefined ? { x } : { x, series };
}
