import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { htmlOf } from '../../build/typeset.ts';
import { regimes } from '../../src/regimes/index.ts';

/*
 * Plan: texts with formulas.
 * - every regime has one, of which every formula can be set, and says what is drawn
 * - headings, paragraphs, emphasis, formulas within lines and alone; what is no formula is escaped; a wrong one stops the build
 */

const folder = 'src/web/science';

describe('the text of', () => {
  it.each([...regimes.keys()])('%s is set', (name) => {
    const html = htmlOf(readFileSync(`${folder}/${name}.md`, 'utf8'));
    expect(html).toContain('<h4>What is drawn</h4>');
    expect(html.match(/<div class="formula"/g)?.length).toBeGreaterThan(0);
    expect(html.match(/<math /g)?.length).toBeGreaterThan(4);
    expect(html.replace(/<annotation[\s\S]*?<\/annotation>/g, '')).not.toContain('$');
  });

  it('no other regime is there', () => {
    expect(readdirSync(folder).toSorted()).toEqual([...regimes.keys()].map((name) => `${name}.md`).toSorted());
  });
});

describe('htmlOf', () => {
  it('sets what it knows and escapes the rest', () => {
    expect(htmlOf('#### A < b\n\nOne *two*\nthree.')).toBe('<h4>A &lt; b</h4>\n<p>One <em>two</em> three.</p>');
    expect(htmlOf('Is $x$ so.')).toMatch(/^<p>Is <span class="katex">.*<\/span> so\.<\/p>$/s);
    expect(htmlOf('$$x$$')).toMatch(/^<div class="formula" tabindex="0"/);
    expect(() => htmlOf('$\\frac{$')).toThrow();
    expect(() => htmlOf('One\n$$x$$')).toThrow(/empty lines/);
  });
});
