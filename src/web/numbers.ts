import type { JsonObject } from '../experiment/experiment.ts';
import { isObject } from '../experiment/json.ts';

/** Keys that name an experiment, draw it or hold it against something: none changes a number that is drawn. */
export const PRESENTATION: readonly string[] = [
  '$schema',
  'name',
  'title',
  'source',
  'expected',
  'relations',
  'fit',
  'figure',
];

/**
 * Names what an experiment draws, equal for two canonical files that differ in presentation alone. `terms`: in which panels bias,
 * variance and collapse term are drawn besides the test error.
 */
export function numbersOf(file: JsonObject, terms = panelsWithTerms(file)): string {
  const { panels: _, ...base } = file;
  return JSON.stringify([drawn(base), panelsOf(file).map((panel) => ({ name: panel.name, ...drawn(panel) })), terms]);
}

/** Under which names results may be kept that have all that a file draws, the file's own first. */
export function namesFor(file: JsonObject): readonly string[] {
  const terms = panelsWithTerms(file);
  return [
    ...new Set([
      numbersOf(file),
      numbersOf(
        file,
        terms.map(() => true),
      ),
    ]),
  ];
}

const panelsOf = ({ panels = [] }: JsonObject): readonly JsonObject[] =>
  Array.isArray(panels) ? panels.filter(isObject) : [];

function panelsWithTerms(file: JsonObject): readonly boolean[] {
  const ofBase = hasTerm(file);
  const panels = panelsOf(file);
  return panels.length === 0 ? [ofBase] : panels.map((panel) => ofBase || hasTerm(panel));
}

const hasTerm = ({ figure }: JsonObject): boolean => isObject(figure) && figure.y !== undefined;

function drawn(layer: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(layer).filter(([key]) => !PRESENTATION.includes(key)));
}
