import type { CaptionParts } from './caption.ts';
import { type Block, blockOf, type Shape } from './figure-block.ts';
import { inRows, type KeyEntry, type KeyText, NO_KEY } from './figure-key.ts';
import {
  captionSize,
  type Drawing,
  type FigureInput,
  type FigureWidth,
  fontSizeFor,
  lineHeight,
  type PlacedText,
  pixelsOf,
  type Sheet,
} from './figure-layout.ts';
import { layoutOf } from './series.ts';
import { wrapText } from './svg-text.ts';

/** Decides sizes, scales and texts before anything is drawn. */
export function arrange(input: FigureInput): Sheet {
  const head = headOf(input);
  const block = blockOf(input, { left: 0, ...head });
  return sheetOf([block], { ...head, parts: block.parts, captioned: !input.bare });
}

/** What all panels of one figure share. */
export interface Together {
  readonly title: string;
  readonly width?: FigureWidth | undefined;
  readonly bare?: boolean | undefined;
}

/** Width that a panel has at least, in letters' heights, and one whose curves are named at their ends. */
const [NARROWEST, NAMED] = [21, 29];

/** Height of the frame of a panel among others, as a share of the panel's width. */
const SHARE = 0.5;

/** Several panels as one figure, lettered, side by side where there is room; what all their keys say stands above them once. */
export function arrangeTogether(inputs: readonly FigureInput[], together: Together): Sheet {
  const head = headOf(together);
  const { width, fontSize, top } = head;
  const faceted = inputs.some(({ panel }) => layoutOf(panel).facets.length > 0);
  const columns = faceted ? 1 : Math.max(1, Math.min(inputs.length, Math.floor(width / fontSize / NARROWEST)));
  const gap = fontSize;
  const own = (width - gap * (columns - 1)) / columns;
  const shape: Shape = { named: own / fontSize >= NAMED, keyed: true, share: columns > 1 ? SHARE : 0 };
  const keys = inputs.map((input) => blockOf(input, { left: 0, top: 0, width: own, fontSize }, shape).entries);
  const shared = keys.every((entries) => sameEntries(entries, keys[0]!)) ? keys[0]! : [];
  const key =
    shared.length > 0 ? inRows(shared, { left: fontSize, top, width: width - 2 * fontSize, fontSize }) : NO_KEY;
  const blocks: Block[] = [];
  let row = top + key.height;
  for (const [i, input] of inputs.entries()) {
    const column = i % columns;
    if (column === 0 && i > 0) row = Math.max(...blocks.map(({ bottom }) => bottom)) + Math.round(4.5 * fontSize);
    const place = { left: column * (own + gap), top: row + Math.round(LETTER * fontSize), width: own, fontSize };
    const block = blockOf(input, place, { ...shape, keyed: shared.length === 0 });
    blocks.push({ ...block, texts: [...block.texts, ...letterOf(i, input.panel.name, place)] });
  }
  const parts = partsTogether(blocks.map((block) => block.parts));
  return sheetOf(blocks, { ...head, key: key.entries, parts, captioned: !together.bare });
}

/** Height of the letter above a panel, in letters' heights. */
const LETTER = 2.2;

const letter = (index: number): string => String.fromCharCode(97 + (index % 26)).repeat(1 + Math.floor(index / 26));

function letterOf(
  index: number,
  name: string,
  { left, top, fontSize }: { readonly left: number; readonly top: number; readonly fontSize: number },
): readonly PlacedText[] {
  const [x, y] = [left + fontSize, top - 1.2 * fontSize];
  return [
    { text: letter(index), x, y, anchor: 'start', bold: true },
    { text: name, x: x + 1.2 * fontSize, y, anchor: 'start' },
  ];
}

const sameEntries = (a: readonly KeyText[], b: readonly KeyText[]) => JSON.stringify(a) === JSON.stringify(b);

/** What is true of all panels once, the rest with their letters. */
function partsTogether(all: readonly CaptionParts[]): CaptionParts {
  const names = [...new Set(all.flatMap((parts) => Object.keys(parts)))] as (keyof CaptionParts)[];
  const merged = names.map((name) => {
    const sentences = all.map((parts) => parts[name]);
    if (sentences.every((sentence) => sentence === sentences[0])) return [name, sentences[0]];
    const lettered = [...new Set(sentences)]
      .filter((sentence) => sentence !== undefined)
      .map((sentence) => {
        const own = sentences.flatMap((other, i) => (other === sentence ? [letter(i)] : []));
        return `(${own.join(', ')}) ${sentence}`;
      });
    return [name, lettered.join(' ')];
  });
  return Object.fromEntries(merged) as CaptionParts;
}

/** Size of letters, title and where the frames begin. */
function headOf({ title: text, width: asked = 'default', bare }: Together) {
  const width = pixelsOf(asked);
  const fontSize = fontSizeFor(width);
  const title = bare ? [] : wrapText(text, width - 2 * fontSize, 1.12 * fontSize);
  return { width, fontSize, title, top: Math.round((1 + 1.4 * title.length) * fontSize) };
}

interface Finish extends Pick<Sheet, 'width' | 'fontSize' | 'title' | 'parts'> {
  readonly key?: readonly KeyEntry[];
  readonly captioned: boolean;
}

function sheetOf(blocks: readonly Block[], { width, fontSize, title, key = [], parts, captioned }: Finish): Sheet {
  const text = Object.values(parts).join(' ');
  const caption = captioned ? wrapText(text, width - 2 * fontSize, captionSize(fontSize)) : [];
  const bottom = Math.max(...blocks.map((block) => block.bottom));
  const height = bottom + Math.round(4 * fontSize + caption.length * lineHeight(fontSize));
  const frames = blocks.flatMap((block) =>
    block.frames.map(({ box, ...frame }): Drawing => {
      const margin = { top: box.top, right: width - box.right, bottom: height - box.bottom, left: box.left };
      return { ...frame, width, height, margin };
    }),
  );
  const texts = blocks.flatMap((block) => block.texts);
  const keys = [...key, ...blocks.flatMap((block) => block.key)];
  return { width, height, fontSize, frames, texts, key: keys, title, caption, bottom, parts };
}
