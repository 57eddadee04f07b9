import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { MissingPackage } from '../experiment/missing-package.ts';
import type { Results } from '../experiment/results.ts';
import { csvOf } from './csv.ts';
import type { FigureInput } from './figure.ts';
import { OutputError } from './output-error.ts';
import { resultsJson } from './results-json.ts';

/** What a run leaves in its folder. */
export interface Report {
  readonly results: Results;
  /** One for each panel; the file takes the panel's name. */
  readonly figures: readonly FigureInput[];
}

/** Writes the report and returns the paths of its files; the numbers first, so that a failing figure loses none. */
export async function writeReport(folder: string, { results, figures }: Report): Promise<readonly string[]> {
  const written = [
    await writeAtomically(join(folder, 'results.json'), resultsJson(results)),
    await writeAtomically(join(folder, 'table.csv'), csvOf(results.panels)),
  ];
  for (const figure of figures) written.push(...(await writeFigure(folder, figure)));
  return written;
}

/** What draws figures, which takes a tenth of a second to be read: whoever waits for a device may call this before it is wanted. */
export const figureDrawer = () => import('./figure-node.ts');

/** Writes a figure under the name of its panel and returns the paths of its files. */
export async function writeFigure(folder: string, figure: FigureInput): Promise<readonly string[]> {
  const { svgText } = await figureDrawer();
  return writePictures(join(folder, fileNameOf(figure.panel.name)), svgText(figure));
}

/** Ends of the names of files that belong to a figure. */
export const FIGURE_FILES = ['.svg', '.png', '.pdf', '-caption.txt', '-caption.tex'] as const;

export interface Pictures {
  /** Dots of the PNG for a CSS pixel; default 2. */
  readonly sharpness?: number | undefined;
  readonly pdf?: boolean | undefined;
}

/**
 * Writes the pictures of a figure and returns the paths of its files: without what draws PNG files no PNG. Throws `MissingPackage` where a PDF is
 * wanted and cannot be written.
 */
export async function writePictures(
  base: string,
  svg: string,
  { sharpness, pdf = false }: Pictures = {},
): Promise<readonly string[]> {
  const written = [await writeAtomically(`${base}.svg`, svg)];
  try {
    const { pngOf } = await figureDrawer();
    written.push(await writeAtomically(`${base}.png`, await pngOf(svg, sharpness)));
  } catch (error) {
    if (!(error instanceof MissingPackage)) throw error;
    await rm(`${base}.png`, { force: true });
  }
  if (pdf) {
    const { pdfOf } = await import('./pdf-node.ts');
    written.push(await writeAtomically(`${base}.pdf`, await pdfOf(svg)));
  }
  return written;
}

/** All of a file, or its parts in order, each made when the one before is written. */
type Content = string | Uint8Array | Iterable<Uint8Array>;

/** Writes beside the target, flushes and renames: a reader sees the old file or the new one, never half of it. */
export async function writeAtomically(path: string, content: Content): Promise<string> {
  const draft = `${path}.${process.pid}.tmp`;
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFlushed(draft, content);
    await rename(draft, path);
    return path;
  } catch (error) {
    await rm(draft, { force: true }).catch(() => undefined);
    throw outputError(path, error);
  }
}

async function writeFlushed(path: string, content: Content): Promise<void> {
  const file = await open(path, 'w');
  try {
    const parts = typeof content === 'string' || content instanceof Uint8Array ? [content] : content;
    for (const part of parts) await file.writeFile(part);
    await file.sync();
  } finally {
    await file.close();
  }
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'no permission to write there; choose another folder',
  EPERM: 'no permission to write there; choose another folder',
  EROFS: 'the file system is read-only; choose another folder',
  ENOSPC: 'the disk is full; free some space or choose another folder',
  EDQUOT: 'the disk quota is used up; free some space or choose another folder',
  ENOTDIR: 'part of the path is a file, not a folder; choose another folder',
  EEXIST: 'there is a file of that name where a folder is needed; choose another folder',
  EISDIR: 'there is a folder of that name; remove it or choose another folder',
};

/** Names the folder and what to do about it. */
export function outputError(path: string, error: unknown): OutputError {
  const { code = '', message = String(error) } = error as NodeJS.ErrnoException;
  return new OutputError(`Cannot write ${path} in the folder ${dirname(path)}: ${REASONS[code] ?? message}.`, {
    cause: error,
  });
}

/** A panel's name as a file name on every system. */
export function fileNameOf(panel: string): string {
  return panel.replace(/[^\p{L}\p{N}._-]+/gu, '-').replace(/^\.+/, '') || 'panel';
}
