import { describe, expect, it } from 'vitest';
import { regimes } from '../../src/regimes/index.ts';
import { matching, papersOf, subjectOf } from '../../src/web/groups.ts';
import { presets } from '../../src/web/presets.ts';

/*
 * Plan: the list of experiments.
 * - every preset is in it once, below its paper; every regime asks a question of its own; what is of no paper comes last
 * - a search finds words of names, titles and texts, all of them together
 * - what a figure is about is said in one line
 */

const named = (name: string) => presets.find((preset) => preset.name === name)!;

describe('papersOf', () => {
  it('holds every experiment once', () => {
    const papers = papersOf(presets);
    const all = papers.flatMap(({ questions }) => questions.flatMap((one) => one.presets.map(({ name }) => name)));
    expect(all.toSorted()).toEqual(presets.map(({ name }) => name).toSorted());
    expect(papers[0]!.title).toBe('Model Collapse Demystified');
    expect(papers.at(-1)).toMatchObject({ title: 'To try things out', arxiv: null });
    expect(papers.at(-1)!.questions.flatMap((one) => one.presets)).toContain(named('smoke'));
  });

  it('asks a question for every regime', () => {
    const asked = papersOf(presets).flatMap(({ questions }) => questions);
    for (const { question } of asked) expect(question).toMatch(/\?$/);
    expect(new Set(asked.map(({ question }) => question)).size).toBe(regimes.size);
  });
});

describe('matching', () => {
  it('wants every word', () => {
    expect(matching(presets, '')).toEqual(presets);
    expect(matching(presets, 'SMOKE').map(({ name }) => name)).toEqual(['smoke']);
    const tails = matching(presets, 'tails cut');
    expect(tails).toContain(named('tails-fig3-left'));
    expect(tails).not.toContain(named('strong-fig3'));
    expect(matching(presets, 'no such words')).toEqual([]);
  });
});

describe('subjectOf', () => {
  it('is short', () => {
    expect(subjectOf(named('demystified-fig1'))).toBe('test error against ridge and against sample size');
    for (const preset of presets) expect(subjectOf(preset).length).toBeLessThanOrEqual(92);
  });
});
