import type { TemplateResult } from 'lit';
import { describe, expect, it } from 'vitest';
import { presets } from '../../src/web/presets.ts';
import { prose } from '../../src/web/prose.ts';

/*
 * Plan: text of experiment files as it is read on the page.
 * - exponents: numbers, fractions, names with an index, parentheses; after pi only the number; a stop at the end belongs to the sentence
 * - Greek letters, norms, indices; code in backticks is left alone
 * - no file's text leaves a caret, a backtick or a double bar
 */

/** What a template would write. */
function text(value: unknown): string {
  if (Array.isArray(value)) return value.map(text).join('');
  if (typeof value !== 'object' || value === null) return String(value);
  const { strings, values } = value as TemplateResult;
  return strings.map((part, i) => part + (i < values.length ? text(values[i]) : '')).join('');
}

const read = (typed: string): string => text(prose(typed));

describe('prose', () => {
  it.each([
    ['T^-l_crit', 'T<sup>−l<sub>crit</sub></sup>'],
    ['about k^3/2.', 'about k<sup>3/2</sup>.'],
    ['below pi^2/6.', 'below π<sup>2</sup>/6.'],
    ['T0/(n sigma0^2), 1 - (T0/d)^n', 'T<sub>0</sub>/(n σ<sub>0</sub><sup>2</sup>), 1 - (T<sub>0</sub>/d)<sup>n</sup>'],
    ['like T^(l/beta) = T^0.4: here', 'like T<sup>l/β</sup> = T<sup>0.4</sup>: here'],
    ['||w0||^2 = 1', '‖w<sub>0</sub>‖<sup>2</sup> = 1'],
    ['`a^b beta`, 10^6.', '<code>a^b beta</code>, 10<sup>6</sup>.'],
    ["d <= 3, beta' < beta", 'd ≤ 3, β′ < β'],
  ])('reads %s', (typed, expected) => {
    expect(read(typed)).toBe(expected);
  });

  it.each(presets.map(({ name }) => name))('leaves nothing raw of %s', (name) => {
    const words = presets
      .find((preset) => preset.name === name)!
      .story.map(read)
      .join(' ');
    expect(words.replace(/<code>.*?<\/code>/g, '')).not.toMatch(/\^|`|\|\|/);
  });
});
