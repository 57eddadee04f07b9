import type { Panel } from '../experiment/experiment.ts';
import { ExperimentError } from '../experiment/problem.ts';
import { type Optimum, optimalRidge } from '../theory/optimal-ridge.ts';
import type { LinearCell } from './linear-parameters.ts';
import { isFit, type Model, type Recipe } from './recipe.ts';
import type { Regime } from './regime.ts';
import { byRule, type Labeller } from './ridge.ts';

/** All numbers of a cell but the ridge of the last fit. */
export interface Setting {
  readonly panel: Panel;
  /** Its place in the panel's sweep, the ridge left out. */
  readonly at: Readonly<Record<string, number>>;
  /** The regime's parameters at this ridge. */
  readonly withRidge: (ridge: number) => Readonly<Record<string, unknown>>;
}

/** A ridge someone would choose, or why there is none. */
export type RidgeChoice = { readonly ridge: number } | { readonly reason: string };

/** What can be said of a setting without drawing a trial. */
export interface RidgeTheory {
  /** Least error by the theory of the regime. */
  readonly theory: RidgeChoice;
  /** The paper's rule of scaling. */
  readonly rule: RidgeChoice;
  /** What the theory would choose if the labels were the truth's: the choice of one who does not know of generators. */
  readonly clean: RidgeChoice;
  /** Mean test error at a ridge, 0 and infinity included; null where theory says nothing, infinite where it has no mean. */
  readonly errorAt: (ridge: number) => number | null;
}

/** A ridge this much larger than the largest eigenvalue is as good as infinite. */
const FAR = 1e60;

const RIDGE_PATH = /^downstream\.ridge\b/;

/** The settings of a panel in file order. Throws `ExperimentError` if its regime has no ridge, or measures what is not to be least. */
export function settingsOf(panel: Panel, regimes: ReadonlyMap<string, Regime>): readonly Setting[] {
  const { isError } = regimes.get(panel.regime)!;
  const settings = new Map<string, Setting>();
  for (const { at, parameters } of panel.cells) {
    if (!hasRidge(parameters)) {
      const message = `${panel.regime} has no downstream.ridge to choose`;
      throw new ExperimentError([{ path: 'regime', message }]);
    }
    if (isError?.(parameters) === false) {
      const message = `found ${panel.errorName}, of which no ridge is the best`;
      throw new ExperimentError([{ path: 'measure', message }]);
    }
    const place = Object.fromEntries(Object.entries(at).filter(([path]) => !RIDGE_PATH.test(path)));
    const withRidge = (ridge: number) => ({ ...parameters, downstream: { ...parameters.downstream, ridge } });
    const key = JSON.stringify(place);
    if (!settings.has(key)) settings.set(key, { panel, at: place, withRidge });
  }
  return [...settings.values()];
}

interface WithRidge {
  readonly downstream: { readonly ridge: unknown };
}

function hasRidge(parameters: unknown): parameters is WithRidge {
  const { downstream } = parameters as Partial<WithRidge>;
  return typeof downstream === 'object' && downstream !== null && 'ridge' in downstream;
}

/** The choices of every setting of some panels; what settings have in common is worked out once. */
export function ridgeTheories(
  settings: readonly Setting[],
  regimes: ReadonlyMap<string, Regime>,
): readonly RidgeTheory[] {
  const known = new Map<string, RidgeChoice>();
  return settings.map((setting) => ridgeTheory(setting, regimes.get(setting.panel.regime)!, known));
}

/** `known` has the choices for clean labels so far, by their parameters. */
function ridgeTheory(setting: Setting, regime: Regime, known: Map<string, RidgeChoice>): RidgeTheory {
  const recipe = regime.recipe(setting.withRidge(1));
  const scale = scaleOf(recipe);
  const errorAt = errorsOf(regime, setting.withRidge, scale);
  const cleanly = (ridge: number) => ({ ...setting.withRidge(ridge), generations: 0 });
  const key = `${regime.name} ${JSON.stringify(cleanly(0))}`;
  const clean = known.get(key) ?? choiceOf(optimalRidge(trusted(errorsOf(regime, cleanly, scale)), scale));
  known.set(key, clean);
  return {
    theory: choiceOf(optimalRidge(trusted(errorAt), scale)),
    rule: ruleOf(recipe, setting.withRidge(0), regime.name),
    clean,
    errorAt: (ridge) => errorAt(ridge)?.error ?? null,
  };
}

/** The largest eigenvalue. */
function scaleOf(recipe: Recipe): number {
  return recipe.kind === 'linear' ? recipe.spectrum.reduce((a, b) => Math.max(a, b)) : 1;
}

interface Predicted {
  readonly error: number;
  readonly allowance: number;
}

type ErrorAt = (ridge: number) => Predicted | null;

function errorsOf(regime: Regime, parameters: (ridge: number) => unknown, scale: number): ErrorAt {
  return (ridge) => {
    const prediction = regime.theory(parameters(Math.min(ridge, FAR * scale)));
    if (prediction === null || prediction.kind === 'fault') return null;
    if (prediction.kind === 'no-mean') return { error: Number.POSITIVE_INFINITY, allowance: 0 };
    return { error: prediction.value, allowance: prediction.allowance };
  };
}

/** Where the allowance is infinite the theory says nothing, so nothing is chosen there. */
function trusted(errorAt: ErrorAt): (ridge: number) => number {
  return (ridge) => {
    const predicted = errorAt(ridge);
    return predicted && predicted.allowance < Number.POSITIVE_INFINITY ? predicted.error : Number.POSITIVE_INFINITY;
  };
}

function choiceOf(optimum: Optimum | null): RidgeChoice {
  return optimum ? { ridge: optimum.ridge } : { reason: 'no theorem covers it' };
}

/** The rule of Cor 5.3 is for chains of linear regressions, whose last fit sees one block of noisy labels. */
function ruleOf(recipe: Recipe, parameters: Partial<LinearCell>, regime: string): RidgeChoice {
  const chained = recipe.kind === 'linear' && recipe.estimate.data.length === 1;
  if (!chained || parameters.downstream?.noise === undefined) return { reason: `it is not for ${regime}` };
  return byRule('optimal', parameters as LinearCell, generatorsOf(recipe.estimate).slice(0, -1));
}

/** The fits of a chain, the first one first; of fits to several blocks it follows the last. */
function generatorsOf(model: Model): readonly Labeller[] {
  return isFit(model) ? [...generatorsOf(model.data.at(-1)!.labels), model.data.at(-1)!] : [];
}
