import type { Panel } from '../experiment/experiment.ts';
import type { CellResult, FitResult, Manifest } from '../experiment/results.ts';
import { hasMean, startedCells } from './figure-data.ts';
import { fitCaption } from './fit-words.ts';
import { groupedInteger } from './labels.ts';
import { quantityOf } from './quantity.ts';

/** What a caption tells about where the numbers come from. */
export type Provenance = Pick<Manifest, 'version' | 'commit' | 'backend' | 'adapter' | 'shards' | 'certificate'>;

export interface CaptionInput {
  readonly panel: Panel;
  readonly cells: readonly CellResult[];
  readonly provenance: Provenance;
  /** Whether any line of theory is drawn. */
  readonly theoryDrawn: boolean;
  readonly leadingDrawn?: boolean;
  /** Whether any printed value is drawn. */
  readonly printedDrawn?: boolean;
  readonly fits?: readonly FitResult[] | undefined;
  /** Cells that a log axis cannot show. */
  readonly dropped: number;
  /** Whether lines, or marks, of curves that lie on each other are told apart. */
  readonly inTurns?: boolean;
  readonly nested?: boolean;
  /** Runs that are laid over this one. */
  readonly overlaid?: readonly Overlaid[];
}

interface Overlaid extends Pick<CaptionInput, 'panel' | 'cells' | 'provenance'> {
  readonly name: string;
}

/** The sentences under a figure: what is drawn, how many trials failed, and where the numbers come from. */
export const captionOf = (all: CaptionInput): string => Object.values(captionParts(all)).join(' ');

type PartName =
  | 'quantity'
  | 'means'
  | 'medians'
  | 'failures'
  | 'theory'
  | 'leading'
  | 'printed'
  | 'coincident'
  | 'fits'
  | 'dropped'
  | 'progress'
  | 'shards'
  | 'certificate'
  | 'provenance';

/** The same sentences by what they are about; those that there is no need for are absent. */
export type CaptionParts = Readonly<Partial<Record<PartName, string>>>;

export function captionParts(all: CaptionInput): CaptionParts {
  const runs = [all, ...(all.overlaid ?? [])];
  const input = { ...all, cells: startedCells(runs.flatMap(({ cells }) => cells)) };
  const parts: Readonly<Record<PartName, string | null>> = {
    quantity: quantityOf(input.panel).meaning,
    means: means(input.cells),
    medians: medians(input.cells),
    failures: failures(input.cells),
    theory: theory(input),
    leading: input.leadingDrawn ? 'Dotted: the theory to leading order in 1/d.' : null,
    printed: input.printedDrawn ? `Rings: ${printedWhere(input.panel)}.` : null,
    fits: fitCaption(input.fits ?? []),
    dropped: input.dropped > 0 ? `${plural(input.dropped, 'cell')} not positive, left out of the log axis.` : null,
    coincident: coincident(input),
    progress: progress(input.cells, runs),
    shards: onceEach(runs.flatMap(({ provenance }) => missingShards(provenance) ?? [])) || null,
    certificate: onceEach(runs.flatMap(({ provenance }) => certified(provenance) ?? [])) || null,
    provenance: `${samplers(input.cells)} ${onceEach(
      runs.map(({ panel }) => String(panel.seed)),
      ', ',
    )}; ${origins(runs)}.`,
  };
  return Object.fromEntries(Object.entries(parts).filter(([, sentence]) => sentence !== null)) as CaptionParts;
}

function means(cells: readonly CellResult[]): string | null {
  const drawn = cells.filter(hasMean);
  return drawn.length > 0 ? `Marks: mean of ${trialsRange(drawn)}; bands: its 95 % interval.` : null;
}

function medians(cells: readonly CellResult[]): string | null {
  const drawn = cells.filter((cell) => !hasMean(cell) && Number.isFinite(cell.median));
  if (drawn.length === 0) return null;
  return `Hollow marks: median of ${trialsRange(drawn)}, where the mean does not exist; bars: 5 and 95 % quantiles.`;
}

function failures(cells: readonly CellResult[]): string | null {
  if (cells.length === 0) return null;
  const failed = cells.reduce((sum, cell) => sum + cell.failed, 0);
  const all = failed + cells.reduce((sum, cell) => sum + cell.trials, 0);
  return `${groupedInteger(failed)} of ${groupedInteger(all)} trials failed.`;
}

function theory({ cells, theoryDrawn }: CaptionInput): string | null {
  const sources = [...new Set(cells.flatMap((cell) => (cell.theory === null ? [] : [cell.theory.source])))];
  if (!theoryDrawn) return null;
  return `Dashed: theory${sources.length > 0 ? `, ${joined(sources)}` : ''}.`;
}

/** Each source but the first without what it begins with in common with the one before, up to a comma: the paper. */
function joined(sources: readonly string[]): string {
  const paper = (source: string) => source.slice(0, source.indexOf(', ') + 2);
  const shown = sources.map((source, i) => {
    const before = sources[i - 1];
    return before !== undefined && paper(before) === paper(source) ? source.slice(paper(source).length) : source;
  });
  return shown.join('; ');
}

function printedWhere({ expected = [] }: Panel): string {
  const wrong = expected.filter(({ misprint }) => misprint !== undefined).length;
  const open = expected.some(({ unsettled }) => unsettled !== undefined);
  const reserve = wrong === 0 ? '' : wrong < expected.length ? ', some of them wrong' : ', wrong here';
  return `values printed in the paper${reserve}${open ? ', for settings that it does not give' : ''}`;
}

function coincident({ inTurns, nested }: CaptionInput): string | null {
  if (!inTurns && !nested) return null;
  const lines = inTurns ? 'are dashed in turns' : '';
  const marks = nested ? 'have their marks one inside the other' : '';
  return `Curves that lie on each other ${[lines, marks].filter((text) => text !== '').join(' and ')}.`;
}

function progress(started: readonly CellResult[], runs: readonly Pick<CaptionInput, 'panel'>[]): string | null {
  const wanted = runs.reduce((sum, { panel }) => sum + panel.cells.length, 0);
  return started.length < wanted ? `${started.length} of ${wanted} cells so far.` : null;
}

const onceEach = (texts: readonly string[], between = ' '): string => [...new Set(texts)].join(between);

const origins = (runs: readonly Pick<CaptionInput, 'provenance'>[]): string =>
  onceEach(
    runs.map(({ provenance }) => `${device(provenance)}; ${version(provenance)}`),
    '; ',
  );

/** What results of a run that is not complete stand for; null where it is. */
export function missingShards({ shards }: Pick<Manifest, 'shards'>): string | null {
  if (!shards?.missing) return null;
  return `INCOMPLETE: without all trials of ${groupedInteger(shards.missing.length)} of the ${plural(shards.count, 'shard')}.`;
}

/** What became of the trials that were replayed; null where none was. */
function certified({ certificate }: Pick<Manifest, 'certificate'>): string | null {
  if (!certificate) return null;
  const { trials, compared, beyond, misstated, ratio } = certificate;
  if (beyond > 0 || misstated > 0)
    return `NOT CERTIFIED: ${groupedInteger(beyond)} of ${plural(compared, 'replayed error')} beyond the f32 bound, ${plural(misstated, 'cell')} not of the recorded trials.`;
  return `Certified: ${plural(trials, 'trial')} of each job replayed in f64, ${ratio > 0 ? `at most ${ratio.toPrecision(1)} of the f32 bound apart` : 'equal'}.`;
}

function samplers(cells: readonly CellResult[]): string {
  const names = [...new Set(cells.map((cell) => cell.sampler))];
  return names.length > 0 ? `Sampler ${names.join(', ')}; seed` : 'Seed';
}

/** The adapter in words; a CPU posing as one is named so. */
export function device({ adapter, backend }: Pick<Manifest, 'adapter' | 'backend'>): string {
  if (adapter === null) return backend === 'reference' ? 'reference backend (CPU, f64)' : 'unknown adapter';
  const named = [adapter.description, adapter.device, `${adapter.vendor} ${adapter.architecture}`];
  const name = named.map((text) => text.trim()).find((text) => text !== '') ?? 'unnamed adapter';
  return adapter.software ? `${name} (software adapter)` : name;
}

function version({ version, commit }: Provenance): string {
  return `collapse-lab ${version}${commit === null ? '' : ` (${commit.slice(0, 7)})`}`;
}

function trialsRange(cells: readonly CellResult[]): string {
  const counts = cells.map((cell) => cell.trials);
  const [low, high] = [Math.min(...counts), Math.max(...counts)];
  return low === high ? plural(low, 'trial') : `${groupedInteger(low)} to ${groupedInteger(high)} trials`;
}

function plural(count: number, noun: string): string {
  return `${groupedInteger(count)} ${noun}${count === 1 ? '' : 's'}`;
}
