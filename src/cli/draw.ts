import { join } from 'node:path';
import { figuresOf } from '../library/report.ts';
import { FIGURE_WIDTHS, type FigureWidth } from '../report/figure.ts';
import { pngOf, svgText } from '../report/figure-node.ts';
import { fileNameOf, writeAtomically } from '../report/files-node.ts';
import { readRun } from './check.ts';
import { CliError, Exit } from './exit.ts';

export interface DrawFlags {
  readonly width: string;
  readonly out?: string;
  /** What the files are called before the panel's name. */
  readonly prefix?: string;
}

/** `collapse draw DIR`: the figures of a run again, from its results, for a column of another width. */
export async function drawCommand(folder: string, flags: DrawFlags): Promise<Exit> {
  const { out = folder, prefix = '' } = flags;
  const width = figureWidth(flags.width);
  const { experiment, results } = readRun(folder);
  for (const figure of figuresOf(experiment, results)) {
    const svg = svgText({ ...figure, width });
    const base = join(out, prefix + fileNameOf(figure.panel.name));
    process.stdout.write(`${await writeAtomically(`${base}.svg`, svg)}\n`);
    process.stdout.write(`${await writeAtomically(`${base}.png`, await pngOf(svg))}\n`);
  }
  return Exit.ok;
}

/** Reads `--width`. */
export function figureWidth(name: string): FigureWidth {
  if (Object.hasOwn(FIGURE_WIDTHS, name)) return name as FigureWidth;
  throw new CliError(Exit.wrongExperiment, `--width ${name}: need one of ${Object.keys(FIGURE_WIDTHS).join(', ')}.`);
}
