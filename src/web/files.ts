import type { FigureInput } from '../report/figure.ts';
import { panelFigure } from '../report/figure.ts';

/** Hands the visitor a file. */
export function download(name: string, type: string, content: string): void {
  const url = URL.createObjectURL(new Blob([content], { type }));
  const link = Object.assign(document.createElement('a'), { href: url, download: name });
  link.click();
  // Some browsers read the address only after the click has returned.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** The figure as a file, at the width it has on a desk. */
export function figureFile(input: FigureInput): string {
  return `${new XMLSerializer().serializeToString(panelFigure({ ...input, width: 'default' }, document))}\n`;
}

/** The command that draws the same numbers; quotes cannot occur in a link but in `'`, which percent-encoding leaves. */
export function commandOf(link: string, command: 'run' | 'optimal-ridge' = 'run'): string {
  return `npx collapse ${command} '${link.replaceAll("'", '%27')}'`;
}
