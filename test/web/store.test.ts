import { describe, expect, it } from 'vitest';
import { theoreticalRidges } from '../../src/engine/ridge-search.ts';
import { ExperimentError } from '../../src/experiment/problem.ts';
import type { CellResult, PanelResult, Results } from '../../src/experiment/results.ts';
import { regimes } from '../../src/regimes/index.ts';
import { presets } from '../../src/web/presets.ts';
import { ridgeTicks } from '../../src/web/ridges.ts';
import type { SavedRun } from '../../src/web/saved.ts';
import {
  canRun,
  canStop,
  compared,
  EMPTY,
  edited,
  halted,
  hasRidge,
  heard,
  isRunning,
  lacksImages,
  opened,
  recalled,
  type State,
  searching,
  started,
  stopping,
  theoryHeard,
  typed,
  unreadable,
  withoutGhost,
} from '../../src/web/store.ts';
import { announcement, failedText, progressText, ridgeText, sentence, titleText } from '../../src/web/words.ts';

/*
 * Plan: the states of the page, without a page.
 * - a preset opens right; a wrong number is a problem at its path, all problems at once, and stops the run
 * - putting it right again keeps the figures; text that cannot be read keeps the form as it was
 * - a run: phases, batches, theory, stop, end; refusals; a stop before the first batch and after it
 * - results: another experiment leaves them pale, coming back finds them, another presentation keeps them, terms that were not drawn do not
 *   count as drawn; those of an earlier visit are shown and named so, but never over those of this one
 * - the search for the best ridge: theory, simulation, stop, a worker that dies; ticks where the ridge runs along x; none where there is no ridge
 * - images: needed by some, and then Run waits
 * - one full stop after a message
 */

const presetOf = (name: string) => presets.find((preset) => preset.name === name)!;
const open = (name: string): State => opened(EMPTY, { preset: presetOf(name), file: presetOf(name).file });
const ready = open('smoke');

const batch = {
  kind: 'batch',
  trialsTotal: 200,
  trialsPerSecond: 50,
  secondsLeft: 2,
  failed: 0,
  panels: null,
} as const;

/** Results of every cell, as far as the page looks at them. */
function panelsOf({ experiment }: State, failed = 0): readonly PanelResult[] {
  return experiment!.panels.map(({ name, cells }) => ({
    name,
    cells: cells.map(({ at }) => ({ at, trials: 10, failed, mean: 1, median: 1 }) as unknown as CellResult),
  }));
}

const drawn = (state: State): State => heard(started(state), { ...batch, trialsDone: 100, panels: panelsOf(state) });

function ended(state: State): State {
  const panels = panelsOf(state);
  const results = { experiment: state.file, panels } as unknown as Results;
  return heard(drawn(state), { kind: 'end', outcome: 'complete', error: null, results, jobs: [] });
}

describe('settings', () => {
  it('open right', () => {
    expect(ready.problems).toEqual([]);
    expect(canRun(ready)).toBe(true);
    expect(ready.text).toContain("name: 'smoke'");
    expect(titleText(ready)).toBe('A quick look at model collapse · collapse-lab');
  });

  it('show every problem and run again once they are right', () => {
    const wrong = edited(edited(ready, 'dimension', '-3'), 'downstream.noise', 'abc');
    expect(wrong.problems.map(({ path }) => path)).toEqual(['dimension', 'downstream.noise']);
    expect(canRun(wrong)).toBe(false);
    expect(wrong.experiment).toBe(ready.experiment);
    const right = edited(edited(wrong, 'dimension', '20'), 'downstream.noise', '0.1');
    expect(right.problems).toEqual([]);
    expect(right.experiment).toBe(ready.experiment);
  });

  it('keep the form while the text cannot be read', () => {
    const broken = typed(ready, '{ name: ');
    expect(broken).toMatchObject({ readable: false, file: ready.file, text: '{ name: ' });
    expect(broken.problems[0]!.message).toContain('not JSON5');
    expect(typed(broken, ready.text)).toMatchObject({ readable: true, problems: [] });
  });

  it('leave an address that leads nowhere apart from them', () => {
    const lost = unreadable(ready, new ExperimentError([{ path: 'link', message: 'found neither' }]));
    expect(lost).toMatchObject({ problems: [], experiment: null, lost: [{ path: 'link' }] });
    expect(opened(lost, { preset: presetOf('smoke'), file: presetOf('smoke').file }).lost).toEqual([]);
  });
});

describe('a run', () => {
  it('says what it is at, counts batches and ends', () => {
    const planning = heard(started(ready), { kind: 'phase', text: 'Planning' });
    expect(progressText(planning)).toBe('Planning…');
    const half = heard(planning, { ...batch, trialsDone: 100 });
    expect(progressText(half)).toBe('50 % · 50 trials/s · 2 s left');
    expect(titleText(half)).toBe('50 % · A quick look at model collapse · collapse-lab');
    expect(announcement(half)).toBe('50 percent of the trials are done.');
    expect(canRun(half)).toBe(false);
    expect(progressText(stopping(half))).toBe('50 % · stopping…');
    expect(progressText(ended(ready))).toContain('All trials are done.');
  });

  it('says what a stop left, and nothing of what is below where there is nothing', () => {
    expect(progressText(halted(stopping(started(ready))))).toBe('Stopped before the first batch.');
    expect(failedText(halted(stopping(started(ready))))).toBe('');
    const stopped = halted(stopping(drawn(ready)));
    expect(progressText(stopped)).toMatch(/^Stopped\. What was finished is below/);
    expect(isRunning(stopped)).toBe(false);
  });

  it('counts trials in one way', () => {
    expect(failedText(drawn(ready))).toBe('No trial failed.');
    const failing = heard(started(ready), { ...batch, trialsDone: 100, panels: panelsOf(ready, 1) });
    expect(failedText(failing)).toBe('9.1 % of the trials failed; they are in no mean.');
  });

  it('says why it was refused', () => {
    const refused = heard(started(ready), { kind: 'refused', message: 'too small' });
    expect(refused.run?.notes).toEqual(['too small']);
    expect(canRun(refused)).toBe(true);
  });

  it('has its theory beside it, dropped by another experiment', () => {
    const news = { id: 1, panels: [{ points: [], silent: null }], doing: 'Theory', problem: null };
    const known = theoryHeard(ready, news);
    expect(known.theory).toEqual({ panels: news.panels, doing: 'Theory', problem: null });
    expect(edited(known, 'seed', '2').theory).toBeNull();
  });

  it('goes on without a theory that breaks off, and says why', () => {
    const broken = theoryHeard(ready, { id: 1, panels: [], doing: null, problem: 'no root' });
    expect(broken.theory?.problem).toBe('no root');
    expect(canRun(broken)).toBe(true);
    expect(edited(broken, 'seed', '2').theory).toBeNull();
  });
});

describe('results', () => {
  const one = ended(ready);

  it('stay pale beside another experiment, and come back with their own', () => {
    const other = edited(one, 'generator.noise', '0.5');
    expect(other.run).toBeNull();
    expect(other.ghost).toMatchObject({ panels: one.run!.panels, words: 'σ₀ = 0.2' });
    expect(edited(other, 'generator.noise', '0.6').ghost?.panels).toBe(one.run!.panels);
    expect(withoutGhost(other).ghost).toBeNull();
    const back = opened(other, { preset: other.preset, file: one.file });
    expect(back.run).toBe(one.run);
    expect(back.ghost).toBeNull();
  });

  it('of a run that was left stand as they were', () => {
    const left = edited(drawn(ready), 'seed', '2');
    const back = edited(left, 'seed', '1');
    expect(back.run).toMatchObject({ status: 'ended', outcome: 'left' });
    expect(progressText(back)).toContain('Left before its end.');
  });

  it('survive another presentation and other experiments in between', () => {
    const titled = typed(one, one.text.replace('A quick look', 'A second look'));
    expect(titled.run).toBe(one.run);
    const elsewhere = opened(one, { preset: presetOf('terms'), file: presetOf('terms').file });
    expect([elsewhere.run, elsewhere.ghost]).toEqual([null, null]);
    expect(opened(elsewhere, { preset: presetOf('smoke'), file: presetOf('smoke').file }).run).toBe(one.run);
  });

  it('of the error alone have no terms; those of a term have the error', () => {
    const bias = edited(one, 'figure.y', 'bias');
    expect(bias.run).toBeNull();
    const withTerms = ended(bias);
    expect(edited(withTerms, 'figure.y', 'collapse').run).toBe(withTerms.run);
    expect(edited(edited(withTerms, 'seed', '2'), 'seed', '1').run).toBe(withTerms.run);
  });

  const saved: SavedRun = {
    key: '',
    when: '2026-01-02T03:04:05.000Z',
    title: 'Earlier',
    link: '',
    extent: '',
    file: ready.file,
    results: one.run!.results!,
    jobs: [],
  };

  it('of an earlier visit are shown as such, never over those of this one', () => {
    const again = recalled(ready, saved);
    expect(again.run).toMatchObject({ status: 'ended', results: saved.results });
    expect(progressText(again)).toContain('kept in this browser');
    expect(recalled(started(ready), saved).run?.results).toBeNull();
  });

  it('of an earlier run can be laid beside these', () => {
    const other = edited(ready, 'generator.noise', '0.5');
    expect(compared(other, saved).ghost).toMatchObject({ panels: saved.results.panels });
    expect(compared(other, saved).ghost!.words).toContain('Earlier');
  });
});

describe('the search for the best ridge', () => {
  const news = { kind: 'ridges', status: 'running', reports: null, batch: null, message: null } as const;
  const shown = open('power-law');
  const reports = theoreticalRidges(shown.experiment!, regimes);

  it('shows theory, then the simulation, and locks the page meanwhile', () => {
    const begun = searching(shown);
    expect([isRunning(begun), canStop(begun), canRun(begun)]).toEqual([true, true, false]);
    expect(ridgeText(begun)).toContain('by theory');
    const theory = heard(begun, { ...news, reports });
    expect(theory.ridges!.reports).toBe(reports);
    const drawing = heard(theory, { ...news, batch: { trialsDone: 1, trialsTotal: 2 } });
    expect(drawing.ridges).toMatchObject({ reports, batch: { trialsDone: 1 } });
    const over = heard(drawing, { ...news, status: 'ended', reports });
    expect([isRunning(over), canRun(over)]).toEqual([false, true]);
    expect(edited(over, 'seed', '2').ridges).toBeNull();
  });

  it('stops, and says what broke it off', () => {
    const stopped = stopping(searching(shown));
    expect([isRunning(stopped), canStop(stopped)]).toEqual([true, false]);
    expect(heard(stopped, news).ridges!.status).toBe('stopping');
    expect(ridgeText(heard(stopped, { ...news, status: 'ended', message: 'Stopped.' }))).toBe('Stopped.');
    expect(isRunning(halted(stopped))).toBe(false);
    const dead = heard(searching(shown), { kind: 'refused', message: 'The engine stopped' });
    expect([isRunning(dead), ridgeText(dead)]).toEqual([false, 'The engine stopped.']);
  });

  it('marks the curves where the ridge runs along x', () => {
    const ticks = ridgeTicks(shown.experiment!.panels[0]!, reports);
    expect(ticks.map(({ series, kind }) => `${series} ${kind}`)).toEqual(
      [0, 1, 2, 5].flatMap((n) => [`n = ${n} theory`, `n = ${n} rule`]),
    );
    const other = edited(shown, 'downstream.ridge', '0.1').experiment!;
    expect(ridgeTicks(other.panels[0]!, reports)).toEqual([]);
  });

  it('is offered where there is a ridge to choose', () => {
    const offered = ['power-law', 'tails-fig8', 'demystified-fig5', 'logistic-chain'].map((name) =>
      hasRidge(open(name)),
    );
    expect(offered).toEqual([true, false, false, false]);
  });
});

describe('images', () => {
  it('keep Run waiting until they are here', () => {
    const digits = open('demystified-fig5');
    expect([lacksImages(digits), canRun(digits)]).toEqual([true, false]);
    expect(canRun({ ...digits, images: 'here' })).toBe(true);
    expect(['strong-fig7', 'strong-fig7-right', 'smoke'].map((name) => lacksImages(open(name)))).toEqual([
      true,
      true,
      false,
    ]);
    expect(lacksImages(ready)).toBe(false);
  });
});

describe('sentence', () => {
  it('ends with one stop', () => {
    expect(['a', 'a.', 'a? ', 'a…'].map(sentence)).toEqual(['a.', 'a.', 'a?', 'a…']);
  });
});
