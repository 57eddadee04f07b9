import type { Axis, Panel } from '../../src/experiment/experiment.ts';
import type { CellResult, Manifest, PanelResult, Results } from '../../src/experiment/results.ts';
import { layoutOf, seriesOf } from '../../src/report/series.ts';
import type { TheoryPoint } from '../../src/report/theory-curve.ts';
import type { Prediction } from '../../src/theory/prediction.ts';
import { numbersFrom } from '../statistics/numbers.ts';
import { summaryOf } from '../support/summaries.ts';

/** Results that look like Figure 1 of arXiv:2402.07712, drawn about their theory with known errors; no simulation. */

type At = Readonly<Record<string, number>>;

const D = 300;
const T0 = 600;
const SOURCE = 'arXiv:2402.07712v2, Prop 4.5 and Cor 4.7, eq. (23)';

/** Isotropic clean error plus collapse term (Prop 4.5, Cor 4.7) with unit truth, noise 0.1 and generator noise 0.2. */
export function isotropicError(samples: number, ridge: number, generation: number): number {
  const phi = D / samples;
  const b = 1 - phi - ridge;
  const k = (-b + Math.sqrt(b * b + 4 * ridge)) / 2;
  const denominator = (1 + k) ** 2 - phi;
  const clean = (k * k + 0.01 * phi) / denominator;
  const rho = (D / (T0 - D - 1)) * (1 / (1 + k) ** 2) * (1 + (phi * k * k) / denominator);
  return clean + generation * 0.04 * rho;
}

export function predict(_panel: string, at: At): Prediction | null {
  const { 'downstream.samples': samples = 1000, 'downstream.ridge': ridge = 1e-3, generations = 0 } = at;
  return {
    kind: 'value',
    value: isotropicError(samples, ridge, generations),
    source: SOURCE,
    allowance: 0.01 * isotropicError(samples, ridge, generations),
  };
}

export function logAxis(path: string, low: number, high: number, count: number, integer = false): Axis {
  const values = Array.from({ length: count }, (_, i) => 10 ** (low + ((high - low) * i) / (count - 1)));
  return { path, spacing: 'log', values: integer ? values.map(Math.round) : values };
}

export const GENERATIONS: Axis = { path: 'generations', values: [0, 1, 3, 10], spacing: 'list' };

export function panelOf(name: string, x: Axis, series: Axis | null, trials = 1000): Panel {
  const axes = series === null ? [x] : [x, series];
  const cells = x.values.flatMap((value) =>
    (series?.values ?? [0]).map((n) => ({
      at: { [x.path]: value, [series?.path ?? 'generations']: n },
      parameters: {},
    })),
  );
  const figure = series === null ? { x: x.path } : { x: x.path, series: series.path };
  return { name, regime: 'replace', axes, cells, figure, trials, seed: 1, sampler: 'auto' };
}

export const RIDGE_PANEL = panelOf('ridge', logAxis('downstream.ridge', -3, 1, 10), GENERATIONS);
export const SAMPLES_PANEL = panelOf('samples', logAxis('downstream.samples', 2.4, 4, 12, true), GENERATIONS);

/** Cells with mean theory + sem * normal; `spread` is sd / theory. */
export function simulate(panel: Panel, spread = 0.15, failed = 0): PanelResult {
  const { normal } = numbersFrom(panel.name.length);
  const cells = panel.cells.map(({ at }): CellResult => {
    const theory = predict(panel.name, at);
    if (theory?.kind !== 'value') throw new Error('The synthetic theory has a value everywhere.');
    const sd = spread * theory.value;
    const sem = sd / Math.sqrt(panel.trials);
    const mean = theory.value + sem * normal();
    const quantiles = { median: mean - 0.1 * sd, q05: mean - 1.5 * sd, q95: mean + 1.8 * sd };
    const summary = summaryOf({ trials: panel.trials, failed, mean, sem, sd, ...quantiles });
    const { value, source } = theory;
    return { at, sampler: 'wishart', ...summary, theory: { value, source }, z: (mean - value) / sem };
  });
  return { name: panel.name, cells };
}

export const MANIFEST: Manifest = {
  version: '0.1.0',
  commit: '091705f2c0ffee',
  backend: 'node',
  adapter: {
    vendor: 'nvidia',
    architecture: 'hopper',
    device: '',
    description: 'NVIDIA H200',
    software: false,
    features: ['subgroups'],
    limits: { maxBufferSize: 4294967296 },
  },
  driver: 'Vulkan 570.86',
  samplers: { wishart: 1 },
  seed: 1,
  start: '2026-01-02T03:04:05Z',
  end: '2026-01-02T03:05:06Z',
  statuses: { ok: 88000, nonPositivePivot: 0, nonFinite: 0 },
};

export function results(): Results {
  return {
    experiment: { name: 'demystified-fig1', regime: 'replace', dimension: D },
    manifest: MANIFEST,
    panels: [simulate(RIDGE_PANEL), simulate(SAMPLES_PANEL)],
  };
}

/** The theory at the cells alone, as results store it. */
export function theoryAtCells(panel: Panel, cells: readonly CellResult[]): readonly TheoryPoint[] {
  const layout = layoutOf(panel);
  return cells.map((cell) => ({
    x: cell.at[layout.x.path] ?? Number.NaN,
    y: cell.theory?.value ?? Number.NaN,
    series: seriesOf(layout, cell.at),
  }));
}
