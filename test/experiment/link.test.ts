/**
 * Plan. A link is told from a name and a file; the readable form carries a preset and overrides in any spelling; every
 * damaged link, and one that unpacks to far too much, is an `ExperimentError` in words.
 */
import { describe, expect, it } from 'vitest';
import { decodeLink, encodeLink, isLink, presetLink } from '../../src/experiment/link.ts';
import { ExperimentError } from '../../src/experiment/problem.ts';
import { small } from './files.ts';

describe('isLink', () => {
  it.each([
    ['https://example.org/#s=abc', true],
    ['http://localhost:5173/?preset=smoke', true],
    ['#preset=smoke', true],
    ['s=abc', true],
    ['demystified-fig1', false],
    ['experiments/smoke.json5', false],
    ['./s=1/file.json5', false],
  ])('%s: %s', (text, expected) => {
    expect(isLink(text)).toBe(expected);
  });
});

describe('preset', () => {
  const overrides = [
    'downstream.samples=400',
    'downstream.ridge={logspace:[-3,1,5]}',
    'truth.norm=1e+0',
    'title=a & b = c',
  ];

  it('comes back with its overrides', async () => {
    const link = presetLink('smoke', overrides);
    expect(await decodeLink(`https://example.org/#${link}`)).toEqual({ kind: 'preset', preset: 'smoke', overrides });
  });

  it('may be typed by hand, behind # or ?, with a plus sign', async () => {
    const expected = { kind: 'preset', preset: 'smoke', overrides: ['truth.norm=1e+0'] };
    expect(await decodeLink('https://example.org/?preset=smoke&truth.norm=1e+0')).toEqual(expected);
    expect(await decodeLink('preset=smoke&truth.norm=1e+0')).toEqual(expected);
    expect(await decodeLink('https://example.org/?embed#preset=smoke&truth.norm=1e+0')).toEqual(expected);
  });

  it('stays readable', () => {
    expect(presetLink('demystified-fig1', ['downstream.samples=400'])).toBe(
      'preset=demystified-fig1&downstream.samples=400',
    );
  });
});

describe('file', () => {
  it('may be followed by overrides', async () => {
    const link = `${await encodeLink(small)}&trials=5`;
    expect(await decodeLink(link)).toEqual({ kind: 'file', file: small, overrides: ['trials=5'] });
  });

  it('keeps text beyond ASCII', async () => {
    const file = { ...small, title: 'λ → 0, ‖ŵ − w₀‖²' };
    expect(await decodeLink(await encodeLink(file))).toMatchObject({ file });
  });
});

describe('a broken link', () => {
  const rejects = (url: string, message: RegExp) =>
    expect(decodeLink(url)).rejects.toSatisfy((e: unknown) => e instanceof ExperimentError && message.test(e.message));

  it('without a beginning', () => rejects('https://example.org/', /neither s=… nor preset=…/));
  it('without a preset', () => rejects('#preset=', /neither/));
  it('in the wrong order', () => rejects('#trials=3&preset=smoke', /neither/));
  it('with a stray percent sign', () => rejects('#preset=smoke&title=100%', /not percent-encoded/));
  it('that is no base64', () => rejects('#s=!!!', /damaged or incomplete/));
  it('that is no deflate', () => rejects('#s=AAAA', /damaged or incomplete/));
  it('cut short', async () => rejects((await encodeLink(small)).slice(0, -10), /damaged or incomplete/));
  it('that is a list', async () => rejects(await encodeLink([1] as never), /need an object/));
  it('that unpacks to megabytes', async () =>
    rejects(await encodeLink({ title: 'x'.repeat(2 ** 21) }), /unpacks to more than 1048576 bytes/));
});
