import type { JsonObject } from '../experiment/experiment.ts';
import { readJson5 } from '../experiment/json.ts';

/** An experiment that comes with the page. */
export interface Preset {
  readonly name: string;
  readonly title: string;
  /** The paragraphs of the comment at the head of the file. */
  readonly story: readonly string[];
  /** As in the file, nothing filled in. */
  readonly file: JsonObject;
}

const texts: Readonly<Record<string, string>> = import.meta.glob('../../experiments/*.json5', {
  query: '?raw',
  import: 'default',
  eager: true,
});

/** The one to begin with: what the papers found, in one figure. */
const FIRST = 'demystified-fig1';

/** Every file of `experiments/`. */
export const presets: readonly Preset[] = Object.values(texts)
  .map(readPreset)
  .sort(
    (a, b) =>
      Number(b.name === FIRST) - Number(a.name === FIRST) || a.name.localeCompare(b.name, 'en', { numeric: true }),
  );

/** Reads title and story out of the text of an experiment file. */
function readPreset(text: string): Preset {
  const file = readJson5(text);
  const { name, title = name } = file;
  return { name: String(name), title: String(title), story: storyOf(text), file };
}

/** Comment lines up to the first other one; an empty one, or one that begins "What to look for", begins a paragraph. */
function storyOf(text: string): readonly string[] {
  const lines = text.split('\n');
  const end = lines.findIndex((line) => !line.startsWith('//'));
  const comment = lines.slice(0, end).map((line) => line.replace(/^\/\/ ?/, ''));
  const paragraphs = comment
    .join('\n')
    .replace(/\n(?=What to look for)/g, '\n\n')
    .split('\n\n');
  return paragraphs.map((paragraph) => paragraph.replaceAll('\n', ' ').trim()).filter((paragraph) => paragraph !== '');
}
