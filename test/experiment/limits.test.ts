import { describe, expect, it } from 'vitest';
import type { JsonObject, JsonValue } from '../../src/experiment/experiment.ts';
import { readJson5 } from '../../src/experiment/json.ts';
import { decodeLink, encodeLink } from '../../src/experiment/link.ts';
import { applyOverrides } from '../../src/experiment/overrides.ts';
import { parseExperiment } from '../../src/experiment/parse.ts';
import { regimes } from '../../src/regimes/index.ts';
import { small } from './files.ts';

/*
 * Plan: what no file system, terminal or page can take is refused in words.
 * - names that are one file where case does not count, too long for one, or a device of Windows
 * - texts with control characters, marks of direction, halves of surrogate pairs; what an error quotes of them is spelled out
 * - limits hold for the whole file: cells over all panels, values that are all equal, blocks of data that grow as the square of
 *   generations, numbers, panels; just below them a file is read
 * - nesting by thousands, in a file, in a change and in a link
 * - panels.main of a file without panels is the file itself; a prototype is no key
 */

const parse = (file: JsonObject) => parseExperiment(file, regimes);
const said = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    expect((error as Error).name).toBe('ExperimentError');
    return (error as Error).message;
  }
  return 'right';
};
const panels = (...names: string[]) => said(() => parse({ ...small, panels: names.map((name) => ({ name })) }));

describe('names', () => {
  it('differ in more than case', () => {
    expect(panels('Left', 'left')).toMatch(/found "Left" and "left", need names that differ in more than case/);
    expect(panels('left', 'left')).toMatch(/found "left" twice/);
    expect(panels('left', 'left2')).toBe('right');
  });

  it.each(['a'.repeat(101), 'a'.repeat(252), 'con', 'NUL', 'aux', 'COM1', 'lpt9', '.', '..', 'a.', 'a ', 'é', ''])(
    '%s is none',
    (name) => {
      expect(panels(name)).toMatch(/panels/);
      expect(said(() => parse({ ...small, name }))).toMatch(/^name: /);
    },
  );

  it.each(['a'.repeat(100), 'console', 'com10', 'results', 'constructor'])('%s is one', (name) => {
    expect(panels(name)).toBe('right');
  });
});

describe('texts', () => {
  it.each([
    'a\u0001b',
    '\u001b[2J',
    'a\nb',
    '\u007f',
    '\u009b31m',
    '\ufffe',
    '\uffff',
    '\u{1ffff}',
    '\ud800',
    'a\udc00',
    '\u202eevil',
    '\u2066x',
    '\u2028',
  ])('%j is none', (title) => {
    const message = said(() => parse({ ...small, title }));
    expect(message).toMatch(/^title: found .*\\u\{.*, need a text without control characters/);
    expect(message).not.toContain(title);
  });

  it('may be in any script', () => {
    for (const title of ['λ → 0, ‖ŵ‖²', '模型崩溃', 'Ω 😀', 'עברית'])
      expect(said(() => parse({ ...small, title }))).toBe('right');
  });

  it('do not steer a terminal when they are keys, places or values', () => {
    const file = { ...small, '\u001b[31m': 1, panels: [{ name: 'a\u001b[31m', '\u202e': '\u0007' }] };
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
    expect(said(() => parse(file))).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    expect(said(() => applyOverrides(small, ['\u001b[31m']))).not.toContain('\u001b');
  });
});

describe('the whole file', () => {
  const many = (count: number) => ({ logspace: [-3, 0, count] });
  const wide = (count: number, of: number) => ({
    ...small,
    panels: Array.from({ length: of }, (_, i) => ({ name: `p${i}`, downstream: { ridge: many(count) } })),
  });

  it('has limits over all its panels', () => {
    expect(parse(wide(500, 40)).panels).toHaveLength(40);
    expect(said(() => parse(wide(500, 41)))).toMatch(/at least 20500 cells, need at most 20000 in all its panels/);
    expect(said(() => parse(wide(1, 101)))).toMatch(/at most 100 panels/);
    const equal = { linspace: [1, 1, 20_000] };
    const swept = { ...small, dimension: equal, downstream: { samples: equal, noise: equal, ridge: equal } };
    expect(said(() => parse({ ...swept, panels: [{ name: 'a' }, { name: 'b' }] }))).toMatch(
      /values of its axes, need at most 100000/,
    );
    const tall = (change: JsonObject) => said(() => parse({ ...small, dimension: 1_000_000, ...change, trials: 1 }));
    // Cells that have their eigenvalues in common, and cells that do not.
    expect(tall({ downstream: { ...(small.downstream as JsonObject), ridge: many(40) } })).toBe('right');
    expect(tall({ downstream: { ...(small.downstream as JsonObject), ridge: many(60) } })).toMatch(/4687500 numbers/);
    expect(tall({ covariance: { kind: 'power-law', exponent: [0.1, 0.2, 0.3, 0.4, 0.5] } })).toMatch(/5000000 numbers/);
  });

  it('counts what stands behind generations', () => {
    const accumulate = { name: 'a', regime: 'accumulate', dimension: 4, downstream: { samples: 5, noise: 0.1 } };
    expect(said(() => parse({ ...accumulate, generations: 400 }))).toBe('right');
    expect(said(() => parse({ ...accumulate, generations: 10_000 }))).toMatch(
      /50005000 blocks of work .* need at most 100000/,
    );
  });
});

describe('nesting', () => {
  const deep = (levels: number): JsonValue => Array.from({ length: levels }).reduce<JsonValue>((inner) => [inner], 1);

  it.each([40, 5000, 100_000])('of %i levels is refused', async (levels) => {
    const text = `${'['.repeat(levels)}${']'.repeat(levels)}`;
    expect(said(() => readJson5(text))).toMatch(/levels deep/);
    expect(said(() => parse({ ...small, truth: deep(levels) }))).toMatch(/levels deep/);
    expect(said(() => applyOverrides(small, [`truth=${text}`]))).toMatch(/levels deep/);
    expect(said(() => applyOverrides(small, [`${'a.'.repeat(levels)}b=1`]))).toMatch(/need path=value/);
    const bytes = new Blob([text]).stream().pipeThrough(new CompressionStream('deflate-raw'));
    const link = Buffer.from(await new Response(bytes).arrayBuffer()).toString('base64url');
    await expect(decodeLink(`s=${link}`)).rejects.toThrow(/levels deep/);
  });
});

describe('changes', () => {
  it('may name the one panel of a file without panels', () => {
    expect(applyOverrides(small, ['panels.main.trials=3'])).toEqual({ ...small, trials: 3 });
    expect(said(() => applyOverrides(small, ['panels.left.trials=3']))).toMatch(/allowed: main/);
  });

  it('make no prototype', async () => {
    const file = applyOverrides(small, ['__proto__.polluted=1', 'constructor.prototype.polluted=1']);
    expect(said(() => parse(file))).toMatch(/unknown key "__proto__"/);
    expect(await decodeLink(await encodeLink(file))).toMatchObject({ kind: 'file' });
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });
});
