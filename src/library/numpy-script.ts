import { drawName } from '../regimes/draw.ts';
import {
  type Block,
  type Descent,
  type Draw,
  type Fit,
  isFit,
  isScaled,
  type LinearRecipe,
  type Model,
  ModelNumbers,
  modelsBehind,
  type Truth,
} from '../regimes/recipe.ts';
import { interval95 } from '../statistics/interval.ts';
import { extremesOf } from '../theory/spectrum.ts';
import PRELUDE from './numpy-prelude.py?raw';

/** What a script compares its trials with. */
export interface Recorded {
  /** What the run and the cell are called, for the reader. */
  readonly title: string;
  readonly seed: number;
  readonly sampler: string;
  readonly trials: number;
  readonly mean: number;
  readonly sem: number;
  readonly median: number;
  /** Errors of the first trials, NaN where one failed; of a sampler that draws designs literally they are the script's own trials. */
  readonly errors: readonly number[];
  readonly literal: boolean;
}

/**
 * A program in NumPy that draws the trials of one cell of a regression from the definition: designs, labels and fits written out,
 * one line of Python each, from the same counter-based integers. Shares no code with the samplers.
 */
export function numpyScript(recipe: LinearRecipe, recorded: Recorded): string {
  const models = new ModelNumbers();
  const names = new Map<number, string>([[-1, 'w0']]);
  const lines: string[] = [];
  const all = models.add(recipe.estimate);
  const rows = new Map<string, string>();
  for (const [i, model] of all.entries()) {
    const name = model === all.at(-1) ? 'w' : `w${i + 1}`;
    names.set(models.of(model), name);
    const labelsOf = (other: Model) => names.get(models.of(other))!;
    lines.push('', ...(isFit(model) ? fitLines(model, name, labelsOf, rows) : givenLines(model, name)));
  }
  const { dimension, spectrum, truth, unit = 0 } = recipe;
  return PRELUDE.replace('TITLE', () => inDocstring(recorded.title))
    .replace('LITERALLY', aboutTrials(recorded))
    .replace('SEED = 0', `SEED = ${recorded.seed}`)
    .replace('RECORDED = None', recordedLines(recorded))
    .replace('d = 1', `d = ${dimension}`)
    .replace(
      's = np.ones(d)',
      `s = ${vector(spectrum)}${unit === 0 ? '' : `  # in units in which the test error is 4^${unit} times as large`}`,
    )
    .replace('    w0 = None', truthLine(truth).replace(/^/gm, '    '))
    .replace(
      '    w = None',
      lines
        .map((line) => (line === '' ? '' : `    ${line}`))
        .join('\n')
        .replace(/^\n/, ''),
    )
    .replace('* UNIT', unit === 0 ? '' : `* 4.0 ** ${unit}`)
    .replace(/ +$/gm, '');
}

/** As text of Python says it. */
const inDocstring = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('"""', '" " "');

function aboutTrials({ sampler, errors, literal }: Recorded): string {
  if (literal && errors.length > 0) return 'The run drew these very trials: each error stands beside the recorded one.';
  if (LITERAL.has(sampler))
    return (
      'Single trials of the run are not at hand: its journals are not there, or of another version of the sampler. So means are compared; of\n' +
      'the same trials they agree better than z says.'
    );
  return `The run drew the same law by the sampler ${sampler}, from other numbers: means are compared, not trials. These are the trials of the sampler direct.`;
}

/** Samplers that draw designs row by row, as the script does. */
export const LITERAL: ReadonlySet<string> = new Set(['direct', 'descent']);

/** Numbers of the rows of a fit beyond which a script would need more memory than most machines have. */
const MOST_NUMBERS = 2 ** 28;

/** Ratio of eigenvalues beyond which a least-squares solver takes the smaller ones for zero. */
const MOST_RATIO = 1e20;

/** Why no script draws a recipe; null where one does. */
export function unwritable({ estimate, spectrum }: LinearRecipe): string | null {
  const fits = modelsBehind(estimate).filter(isFit);
  const most = Math.max(...fits.map(({ data }) => data.reduce((sum, { rows }) => sum + rows, 0) * spectrum.length));
  if (most > MOST_NUMBERS)
    return `the rows of a fit are ${most.toExponential(1)} numbers, and a script holds ${MOST_NUMBERS.toExponential(1)}`;
  const isSteep = [
    spectrum,
    ...fits.flatMap(({ data }) => data.flatMap((block) => (block.spectrum ? [block.spectrum] : []))),
  ].some((one) => {
    const { least, most: top } = extremesOf(one.filter((s) => s > 0));
    return top > MOST_RATIO * least;
  });
  return isSteep
    ? `some eigenvalues are ${MOST_RATIO.toExponential(0)} times smaller than others, and zero to NumPy`
    : null;
}

function recordedLines({ trials, mean, sem, median, errors, literal }: Recorded): string {
  const { low, high } = interval95({ trials, mean, sem });
  const some = literal ? errors.map((error) => (Number.isNaN(error) ? 'np.nan' : String(error))) : [];
  return [
    `RECORDED = dict(trials=${trials}, mean=${number(mean)}, sem=${number(sem)}, low=${number(low)}, high=${number(high)}, median=${number(median)})`,
    `ERRORS = [${wrapped(some)}]  # of its first trials`,
  ].join('\n');
}

const number = (value: number) => (Number.isNaN(value) ? 'np.nan' : String(value));

/** A truth, in the eigenbasis of Sigma. */
function truthLine(truth: Truth): string {
  if (truth.kind === 'coefficients') return `w0 = ${vector(truth.values)}`;
  const drawn = 'w0 = normals(key(f"truth:{d}", 0), trial, 1, d, TRUTH)[0]';
  return truth.kind === 'sphere'
    ? `${drawn}\nw0 *= ${truth.norm} / np.linalg.norm(w0)  # uniform on a sphere`
    : `${drawn}\nw0 *= ${truth.variance} ** 0.5`;
}

function givenLines(model: Exclude<Model, 'truth' | Fit>, name: string): readonly string[] {
  if (isScaled(model))
    return ['# The truth, each coordinate times a factor.', `${name} = ${vector(model.factors)} * w0`];
  const { shift, deviations, scale } = model;
  const z = `normals(${keyText(shift)}, trial, 1, d, TRUTH)[0]`;
  return ['# The truth and a Gaussian error.', `${name} = w0 + ${scale} * ${vector(deviations)} * ${z}`];
}

/** Equal draws of inputs are named once: `rows` knows the lines that there are. */
function fitLines(
  fit: Fit,
  name: string,
  labelsOf: (model: Model) => string,
  rows: Map<string, string>,
): readonly string[] {
  if (fit.descent) return descentLines(fit.data[0]!, fit.descent, name, labelsOf);
  const lines: string[] = [];
  const groups = fit.subsample ? fit.data.map((block) => [block]) : byRows(fit.data);
  const parts = groups.map((blocks, g) => {
    const suffix = groups.length === 1 ? '' : `_${g + 1}`;
    const [block] = blocks as [Block];
    const X = inputsOf(block, name, suffix, rows, lines);
    const y = `y${name.slice(1)}${suffix}`;
    for (const [b, one] of blocks.entries()) {
      const label = `${X} @ ${labelsOf(one.labels)} + ${one.noise} * errors(${keyText(one.errors)}, trial, ${one.first ?? 0}, ${one.rows})`;
      if (blocks.length === 1) lines.push(`${y} = ${label}`);
      else lines.push(`${y}_by${b + 1} = ${label}`);
    }
    const weight = blocks.reduce((sum, one) => sum + (one.weight ?? 1), 0);
    if (blocks.length > 1) {
      const mean = blocks.map((one, b) => `${one.weight ?? 1} * ${y}_by${b + 1}`).join(' + ');
      lines.push(`${y} = (${mean}) / ${weight}  # labels of the same rows: their weighted mean`);
    }
    return { X, y, weight, rows: block.rows };
  });
  return [...lines, ...solveLines(fit, name, parts)];
}

interface RowsOfFit {
  readonly X: string;
  readonly y: string;
  readonly weight: number;
  readonly rows: number;
}

function solveLines(
  { ridge, projection, subsample }: Fit,
  name: string,
  parts: readonly RowsOfFit[],
): readonly string[] {
  const lines: string[] = [];
  let { X, y } = parts[0]!;
  const even = parts.every(({ weight }) => weight === parts[0]!.weight);
  if (parts.length > 1) {
    [X, y] = [`X${name.slice(1)}`, `y${name.slice(1)}`];
    lines.push(`${X} = np.vstack([${parts.map((part) => part.X).join(', ')}])`);
    lines.push(`${y} = np.concatenate([${parts.map((part) => part.y).join(', ')}])`);
  }
  let c = '';
  if (!even) {
    c = `, c${name.slice(1)}`;
    lines.push(
      `c${name.slice(1)} = np.repeat([${parts.map(({ weight }) => weight).join(', ')}], [${parts.map((part) => part.rows).join(', ')}])`,
    );
  }
  if (subsample) {
    const pool = parts.reduce((sum, part) => sum + part.rows, 0);
    lines.push(`seen = chosen(${keyText(subsample.draw)}, trial, ${subsample.rows}, ${pool})`);
    [X, y] = [`${X}[seen]`, `${y}[seen]`];
  }
  if (projection) {
    const S = `S${name.slice(1)}`;
    lines.push(
      `${S} = normals(${keyText(projection.draw)}, trial, d, ${projection.features}) / d ** 0.5  # random features`,
    );
    lines.push(`${name} = ${S} @ ridge(${X} @ ${S}, ${y}, ${ridge}${c})`);
  } else lines.push(`${name} = ridge(${X}, ${y}, ${ridge}${c})`);
  return lines;
}

/** The name of a block's inputs; the line that draws them, unless there is one. */
function inputsOf(block: Block, name: string, suffix: string, rows: Map<string, string>, lines: string[]): string {
  const { inputs, first = 0, rows: count, spectrum } = block;
  const scale = spectrum ? vector(spectrum) : 's';
  const text = `normals(${keyText(inputs)}, trial, ${count}, d${first === 0 ? '' : `, first=${first}`}) * np.sqrt(${scale})`;
  const known = rows.get(text);
  if (known) return known;
  const X = `X${name.slice(1)}${suffix}`;
  rows.set(text, X);
  lines.push(`${X} = ${text}`);
  return X;
}

/** Blocks on the same rows, which only their labels tell apart. */
function byRows(blocks: readonly Block[]): readonly (readonly Block[])[] {
  const groups = new Map<string, Block[]>();
  for (const block of blocks) {
    const { inputs, first = 0, rows, spectrum } = block;
    const place = JSON.stringify([drawName(inputs), first, rows, spectrum]);
    groups.set(place, [...(groups.get(place) ?? []), block]);
  }
  return [...groups.values()];
}

function descentLines(
  { inputs, rows, labels, noise, errors, spectrum }: Block,
  { batch, rate, halvings, averaged }: Descent,
  name: string,
  labelsOf: (model: Model) => string,
): readonly string[] {
  const scale = spectrum ? vector(spectrum) : 's';
  return [
    `X = normals(${keyText(inputs)}, trial, ${rows}, d) * np.sqrt(${scale})`,
    `y = X @ ${labelsOf(labels)} + ${noise} * errors(${keyText(errors)}, trial, 0, ${rows})`,
    `${name} = descent(X, y, batch=${batch}, rate=${rate}, halvings=${halvings}, averaged=${averaged})`,
  ];
}

const keyText = ({ unit, generation }: Draw): string => `key(${JSON.stringify(unit)}, ${generation})`;

/** Numbers as a power law where they are one, else as they stand. */
function vector(values: readonly number[]): string {
  const [first, second] = values;
  if (values.every((value) => value === first)) return `np.full(d, ${first})`;
  const exponent = Math.log2(second! / first!);
  const near = values.every((value, j) => Math.abs(value / (first! * (j + 1) ** exponent) - 1) < 1e-13);
  const rounded = Number(exponent.toPrecision(12));
  if (near && Number.isFinite(exponent))
    return `${first === 1 ? '' : `${first} * `}np.arange(1.0, d + 1) ** ${rounded}`;
  return `np.array([${wrapped(values.map(String))}])`;
}

function wrapped(texts: readonly string[]): string {
  const lines: string[] = [];
  for (let i = 0; i < texts.length; i += 6) lines.push(texts.slice(i, i + 6).join(', '));
  return lines.join(',\n    ');
}
