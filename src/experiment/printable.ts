/**
 * Characters that are no part of a line of text: control characters (escape sequences of terminals are made of them), line and
 * paragraph separators, marks that turn the direction of writing, halves of surrogate pairs, and what Unicode says is no character.
 * XML allows few of them, and none can be told from the text around it by whoever reads it.
 */
export const UNPRINTABLE = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Noncharacter_Code_Point}]/gu;

/** Unprintable characters as `\u{1b}`, so that a text from a stranger can do nothing to a terminal. `keep` are left as they are. */
export function printable(text: string, keep = ''): string {
  return text.replace(UNPRINTABLE, (c) => (keep.includes(c) ? c : `\\u{${c.codePointAt(0)!.toString(16)}}`));
}

/** What XML 1.0 has no way to write becomes the replacement character. */
export function xmlText(text: string): string {
  return text.replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd');
}
