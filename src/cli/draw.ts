import { basename, dirname, join, resolve } from 'node:path';
import { AUTO_FACET, type Experiment, NO_FACET } from '../experiment/experiment.ts';
import { unknownName } from '../experiment/problem.ts';
import { figuresOf } from '../library/report.ts';
import { CAPTIONS, type CaptionFormat } from '../report/caption-formats.ts';
import { facetNamed, facetPaths, withFacet } from '../report/facet.ts';
import { captionText, captionTogether, type FigureInput } from '../report/figure.ts';
import { panelsText, svgText } from '../report/figure-node.ts';
import { fileNameOf, writeAtomically, writePictures } from '../report/files-node.ts';
import { labelOf } from '../report/labels.ts';
import { quantityOf } from '../report/quantity.ts';
import { layoutOf } from '../report/series.ts';
import { readRun } from './check.ts';
import { folderOf } from './compare.ts';
import { panelsName } from './earlier-run.ts';
import { CliError, Exit } from './exit.ts';
import { figureWidth } from './figure-width.ts';

export interface DrawFlags {
  readonly width: string;
  readonly out?: string;
  /** What the files are called before the panel's name. */
  readonly prefix?: string;
  readonly panel?: string;
  readonly facet?: string;
  /** What runs are called, separated by commas. */
  readonly names?: string;
  /** All panels as one figure. */
  readonly together?: boolean;
  /** Without title and caption. */
  readonly bare?: boolean;
  readonly pdf?: boolean;
  /** Dots of the PNG in an inch. */
  readonly dpi?: number;
  /** Format of a file with the caption: txt or tex. */
  readonly caption?: string;
}

/** CSS pixels in an inch. */
const PIXELS = 96;

/** `collapse draw DIR…`: the figures of a run again, from its results; of several runs laid over each other. */
export async function drawCommand(specs: readonly string[], flags: DrawFlags): Promise<Exit> {
  const format = captionFormat(flags.caption);
  const folders = await Promise.all(specs.map(folderOf));
  const { out = outFor(folders), prefix = '', pdf, dpi } = flags;
  for (const { name, title, caption, svg } of picturesOf(folders, flags)) {
    const base = join(out, prefix + fileNameOf(name));
    const sharpness = dpi === undefined ? undefined : dpi / PIXELS;
    const written = [...(await writePictures(base, svg(), { sharpness, pdf }))];
    if (format) written.push(await writeAtomically(`${base}-caption.${format}`, CAPTIONS[format](title, caption())));
    process.stdout.write(written.map((path) => `${path}\n`).join(''));
  }
  return Exit.ok;
}

interface Picture {
  readonly name: string;
  readonly title: string;
  readonly svg: () => string;
  readonly caption: () => string;
}

function picturesOf(folders: readonly string[], flags: DrawFlags): readonly Picture[] {
  const { bare } = flags;
  const width = figureWidth(flags.width);
  const { experiment, figures } = figuresFor(folders, flags);
  if (flags.together && figures.length > 1) {
    const { title } = experiment;
    const sheet = { title, width, bare };
    const [svg, caption] = [() => panelsText(figures, sheet), () => captionTogether(figures, sheet)];
    return [{ name: panelsName(experiment), title, svg, caption }];
  }
  return figures.map((figure) => {
    const input = { ...figure, width, bare };
    return {
      name: figure.panel.name,
      title: figure.title,
      svg: () => svgText(input),
      caption: () => captionText(input),
    };
  });
}

/** A figure of several runs belongs to none of their folders, where the next run would leave it stale: it has one beside them. */
function outFor([first, ...others]: readonly string[]): string {
  if (others.length === 0) return first!;
  return join(dirname(first!), [first!, ...others].map((folder) => basename(resolve(folder))).join('+'));
}

/** The figures of the first run, of one panel if asked, in frames if asked, with the other runs laid over them. */
function figuresFor(
  folders: readonly string[],
  { panel, facet, names }: DrawFlags,
): { readonly experiment: Experiment; readonly figures: readonly FigureInput[] } {
  const read = folders.map(readRun);
  const runs = read.map(({ experiment, results }) => figuresOf(experiment, results));
  const [first, ...others] = runs as [readonly FigureInput[], ...(readonly FigureInput[])[]];
  const known = first.map((figure) => figure.panel.name);
  if (panel !== undefined && !known.includes(panel))
    throw new CliError(Exit.wrongExperiment, `--panel: ${unknownName('panel', panel, known)}`);
  const chosen = first.filter((figure) => panel === undefined || figure.panel.name === panel);
  const called = namesOf(folders, names);
  const figures = inFrames(chosen, facet).map((figure) => {
    const laid = others.map((other, i) => partnerOf(figure, other, first.length, called[i + 1]!));
    return laid.length === 0 ? figure : { ...figure, runs: { name: called[0]!, others: laid } };
  });
  return { experiment: read[0]!.experiment, figures };
}

function namesOf(folders: readonly string[], names: string | undefined): readonly string[] {
  const given = names?.split(',').map((name) => name.trim());
  if (given !== undefined && given.length !== folders.length)
    throw new CliError(
      Exit.wrongExperiment,
      `--names: need ${folders.length} names separated by commas, found ${given.length}.`,
    );
  const short = folders.map((folder) => basename(resolve(folder)));
  return given ?? (new Set(short).size === short.length ? short : folders);
}

function inFrames(figures: readonly FigureInput[], facet: string | undefined): readonly FigureInput[] {
  if (facet === undefined) return figures;
  const paths = facetPaths(figures.map(({ panel }) => panel));
  const meant = facetNamed(facet, paths);
  if (meant === null)
    throw new CliError(
      Exit.wrongExperiment,
      `--facet: ${unknownName('axis', facet, [...paths, NO_FACET, AUTO_FACET])}`,
    );
  return figures.map((figure) => ({ ...figure, panel: withFacet(figure.panel, meant) }));
}

/** The figure of another run that goes over this one: of the panel of the same name, or of the only one. */
function partnerOf(figure: FigureInput, figures: readonly FigureInput[], of: number, name: string) {
  const lone = of === 1 && figures.length === 1;
  const found = lone ? figures[0] : figures.find(({ panel }) => panel.name === figure.panel.name);
  const refused = (why: string) =>
    new CliError(Exit.wrongExperiment, `${name} cannot be laid over panel ${figure.panel.name}: ${why}.`);
  if (!found) throw refused(`it has figures of ${figures.map(({ panel }) => panel.name).join(', ') || 'no panel'}`);
  const [x, other] = [figure, found].map(({ panel }) => layoutOf(panel).x.path);
  if (x !== other) throw refused(`its x is ${labelOf(other!).name}, not ${labelOf(x!).name}`);
  const [y, drawn] = [figure, found].map(({ panel }) => quantityOf(panel).name);
  if (y !== drawn) throw refused(`it draws ${drawn}, not ${y}`);
  const { cells, theory, provenance } = found;
  // Frames are those of the first run.
  const facet = figure.panel.figure?.facet;
  const panel = facet === undefined ? found.panel : withFacet(found.panel, facet);
  return { name, panel, cells, theory, provenance };
}

function captionFormat(name: string | undefined): CaptionFormat | undefined {
  if (name === undefined || Object.hasOwn(CAPTIONS, name)) return name as CaptionFormat | undefined;
  throw new CliError(Exit.wrongExperiment, `--caption: ${unknownName('format', name, Object.keys(CAPTIONS))}`);
}
