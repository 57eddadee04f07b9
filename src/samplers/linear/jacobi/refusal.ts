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
  const overlapping = (draw: (block: Block) => Draw) =>
    fits.some(({ data }, f) => {
      const others = fits.slice(0, f).flatMap((fit) => fit.data);
      const [a, b] = data;
      const again = data.some((block) => others.some((other) => isSame(draw(block), draw(other))));
      return again || (b !== undefined && isSame(draw(a!), draw(b)) && rowsOverlap(a!, b));
    });
  if (overlapping(({ inputs }) => inputs)) return 'a design is used again';
  return overlapping(({ errors }) => errors) ? 'label errors are used again' : null;
}

const isSame = (a: Draw, b: Draw) => a.unit === b.unit && a.generation === b.generation;

const rowsOverlap = ({ first: a = 0, rows: m }: Block, { first: b = 0, rows: n }: Block) => a < b + n && b < a + m;
