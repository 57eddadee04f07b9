import type { FigureInput } from '../report/figure.ts';
import { panelFigure } from '../report/figure.ts';

/** Hands the visitor a file. */
export function download(name: string, type: string, content: string | Blob): void {
  const url = URL.createObjectURL(new Blob([content], { type }));
  const link = Object.assign(document.createElement('a'), { href: url, download: name });
  link.click();
  // Some browsers read the address only after the click has returned.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** The figure as a file, whole. */
export function figureFile(input: FigureInput): string {
  return `${new XMLSerializer().serializeToString(panelFigure(input, document))}\n`;
}

/** Pixels of a PNG for one of the figure. */
const SHARPNESS = 3;

/** The same as a PNG. */
export async function figureImage(input: FigureInput): Promise<Blob> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(figureFile(input))}`;
  await image.decode();
  const canvas = Object.assign(document.createElement('canvas'), {
    width: SHARPNESS * image.width,
    height: SHARPNESS * image.height,
  });
  canvas.getContext('2d')!.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) =>
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('The browser made no PNG.'))), 'image/png'),
  );
}

/** The command that draws the same numbers; quotes cannot occur in a link but in `'`, which percent-encoding leaves. */
export function commandOf(link: string, command: 'run' | 'optimal-ridge' = 'run'): string {
  return `npx collapse ${command} '${link.replaceAll("'", '%27')}'`;
}
