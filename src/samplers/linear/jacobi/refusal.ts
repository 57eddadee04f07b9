import { drawName } from '../../../regimes/draw.ts';
import { type Block, type Draw, type Fit, isFit, type LinearRecipe, type Model } from '../../../regimes/recipe.ts';

/** What this sampler cannot draw about a recipe; null if there is nothing. */
export function refusal({ estimate, dimension }: LinearRecipe): string | null {
  const fits: Fit[] = [];
  for (let model: Model = estimate; isFit(model); model = labelling(model)) {
    const reason = oddity(model, dimension);
    if (reason) return reason;
    fits.push(model);
  }
  return dependence(fits);
}

/** The model other than the truth that labels a fit, if there is one. */
const labelling = ({ data }: Fit): Model => data.find(({ labels }) => labels !== 'truth')?.labels ?? 'truth';

/** Why one fit is out of reach. */
function oddity(fit: Fit, dimension: number): string | null {
  const { data, ridge } = fit;
  if (ridge > 0) return 'there is a ridge';
  if (data.length > 2) return 'a fit is to more than two blocks';
  if (data.reduce((sum, { rows }) => sum + rows, 0) < dimension) return 'a fit has fewer rows than features';
  const model = labelling(fit);
  const known = data.every(({ labels }) => labels === 'truth' || labels === model);
  return known ? null : 'two different models other than the truth label one fit';
}

/** Why the data of the fits are not independent; null if they are. */
function dependence(fits: readonly Fit[]): string | null {
  const overlapping = (draw: (block: Block) => Draw) => {
    const seen = new Set<string>();
    return fits.some(({ data }) => {
      const names = data.map((block) => drawName(draw(block)));
      const again = names.some((name) => seen.has(name));
      for (const name of names) seen.add(name);
      const [a, b] = data;
      return again || (b !== undefined && names[0] === names[1] && rowsOverlap(a!, b));
    });
  };
  if (overlapping(({ inputs }) => inputs)) return 'a design is used again';
  return overlapping(({ errors }) => errors) ? 'label errors are used again' : null;
}

const rowsOverlap = ({ first: a = 0, rows: m }: Block, { first: b = 0, rows: n }: Block) => a < b + n && b < a + m;
