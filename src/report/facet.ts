import { AUTO_FACET, NO_FACET, type Panel } from '../experiment/experiment.ts';
import { labelOf } from './labels.ts';

/** Numbers of panels that frames can be parted by: all that vary but x. */
export function facetPaths(panels: readonly Panel[]): readonly string[] {
  return [
    ...new Set(
      panels.flatMap(({ axes, figure }) =>
        axes.filter(({ path, values }) => values.length > 1 && path !== figure?.x).map(({ path }) => path),
      ),
    ),
  ];
}

/** The path that is meant by itself, by its last key or by its symbol, or the word for none or for what frames need; null where it is none of these. */
export function facetNamed(name: string, paths: readonly string[]): string | null {
  if (name === NO_FACET || name === AUTO_FACET) return name;
  const meant = (path: string) => path === name || path.endsWith(`.${name}`) || labelOf(path).symbol === name;
  return paths.find((path) => path === name) ?? paths.find(meant) ?? null;
}

/** A panel with frames by this path, by none, or by what frames need; the panel itself where it has no such frames. */
export function withFacet(panel: Panel, facet: string): Panel {
  const known = facet === NO_FACET || facet === AUTO_FACET || facetPaths([panel]).includes(facet);
  if (!known || !panel.figure) return panel;
  return { ...panel, figure: { ...panel.figure, facet: facet === AUTO_FACET ? undefined : facet } };
}
