import { latexText } from './table-formats.ts';

/** A caption for a file of its own, by its ending. */
export const CAPTIONS = {
  txt: (title: string, caption: string): string =>
    `${sentence(title)} ${raised(`${caption}\n`, (power) => `^${power}`, String)}`,
  tex: (title: string, caption: string): string => {
    const set = (text: string) => raised(text, (power) => `$^{${power.replaceAll('−', '-')}}$`, latexText);
    return `\\caption{\\textbf{${set(sentence(title))}} ${set(caption)}}\n`;
  },
} as const;

export type CaptionFormat = keyof typeof CAPTIONS;

const sentence = (title: string): string => (/[.!?]$/.test(title) ? title : `${title}.`);

/** A text with `^{…}` in it: its powers, and what stands between them. */
function raised(text: string, power: (text: string) => string, between: (text: string) => string): string {
  return text
    .split(/\^\{([^}]*)\}/)
    .map((part, i) => (i % 2 === 1 ? power : between)(part))
    .join('');
}
