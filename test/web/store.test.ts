import { describe, expect, it } from 'vitest';
import { theoreticalRidges } from '../../src/engine/ridge-search.ts';
import { regimes } from '../../src/regimes/index.ts';
import { presets } from '../../src/web/presets.ts';
import { ridgeTicks } from '../../src/web/ridges.ts';
import {
  canRun,
  canStop,
  EMPTY,
  edited,
  heard,
  isRunning,
  opened,
  type State,
  searching,
  started,
  stopping,
  typed,
} from '../../src/web/store.ts';
import { announcement, progressText, ridgeText } from '../../src/web/words.ts';

/*
 * Plan: the states of the page, without a page.
 * - a preset opens right; a wrong number is a problem at its path, all problems at once, and stops the run
 * - putting it right again keeps the figures; another experiment drops the run
 * - text that cannot be read keeps the form as it was
 * - a run: batches, late theory, stop, end; refusals
 * - the search for the best ridge: theory, simulation, stop, a worker that dies; ticks where the ridge runs along x
 */

const ready: State = opened(EMPTY, { preset: presets[0]!, file: presets[0]!.file });

const batch = {
  kind: 'batch',
  trialsTotal: 200,
  trialsPerSecond: 50,
  secondsLeft: 2,
  failed: 0,
  panels: null,
} as const;

describe('settings', () => {
  it('open right', () => {
    expect(ready.problems).toEqual([]);
    expect(canRun(ready)).toBe(true);
    expect(ready.text).toContain("name: 'smoke'");
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

  it('drop the run of another experiment', () => {
    expect(edited(started(ready), 'seed', '2').run).toBeNull();
  });
});

describe('a run', () => {
  it('counts batches and ends', () => {
    const half = heard(started(ready), { ...batch, trialsDone: 100 }, 1);
    expect(progressText(half)).toBe('100 of 200 trials · 50 trials/s · 2 s left');
    expect(announcement(half)).toBe('50 percent of the trials are done.');
    expect(canRun(half)).toBe(false);
    expect(progressText(stopping(half))).toContain('finishing the batch');
  });

  it('ignores theory that comes too late', () => {
    const news = { kind: 'theory', curves: [[]], problem: null } as const;
    expect(heard(ready, { ...news, id: 1 }, 2).curves).toBeNull();
    expect(heard(ready, { ...news, id: 2 }, 2).curves).toEqual([[]]);
  });

  it('goes on without a theory that breaks off, and says why', () => {
    const broken = heard(ready, { kind: 'theory', id: 2, curves: [], problem: 'no root' }, 2);
    expect([broken.curves, broken.theoryProblem]).toEqual([[], 'no root']);
    expect(canRun(broken)).toBe(true);
    expect(
      typed(broken, '{ name: "other", regime: "accumulate", dimension: 3, downstream: { samples: 9, noise: 1 } }')
        .theoryProblem,
    ).toBeNull();
  });

  it('says why it was refused', () => {
    const refused = heard(started(ready), { kind: 'refused', message: 'too small' }, 1);
    expect(refused.run?.notes).toEqual(['too small']);
    expect(canRun(refused)).toBe(true);
  });
});

describe('the search for the best ridge', () => {
  const news = { kind: 'ridges', status: 'running', reports: null, batch: null, message: null } as const;
  const preset = presets.find(({ name }) => name === 'power-law')!;
  const shown = opened(EMPTY, { preset, file: preset.file });
  const reports = theoreticalRidges(shown.experiment!, regimes);

  it('shows theory, then the simulation, and locks the page meanwhile', () => {
    const begun = searching(shown);
    expect([isRunning(begun), canStop(begun), canRun(begun)]).toEqual([true, true, false]);
    expect(ridgeText(begun)).toContain('by theory');
    const theory = heard(begun, { ...news, reports }, 0);
    expect(theory.ridges!.reports).toBe(reports);
    const drawing = heard(theory, { ...news, batch: { trialsDone: 1, trialsTotal: 2 } }, 0);
    expect(drawing.ridges).toMatchObject({ reports, batch: { trialsDone: 1 } });
    const ended = heard(drawing, { ...news, status: 'ended', reports }, 0);
    expect([isRunning(ended), canRun(ended)]).toEqual([false, true]);
    expect(edited(ended, 'seed', '2').ridges).toBeNull();
  });

  it('stops, and says what broke it off', () => {
    const stopped = stopping(searching(shown));
    expect([isRunning(stopped), canStop(stopped)]).toEqual([true, false]);
    expect(heard(stopped, news, 0).ridges!.status).toBe('stopping');
    expect(ridgeText(heard(stopped, { ...news, status: 'ended', message: 'Stopped.' }, 0))).toBe('Stopped.');
    const dead = heard(searching(shown), { kind: 'refused', message: 'The engine stopped' }, 0);
    expect([isRunning(dead), ridgeText(dead)]).toEqual([false, 'The engine stopped']);
  });

  it('marks the curves where the ridge runs along x', () => {
    const ticks = ridgeTicks(shown.experiment!.panels[0]!, reports);
    expect(ticks.map(({ series, kind }) => `${series} ${kind}`)).toEqual(
      [0, 1, 2, 5].flatMap((n) => [`n = ${n} theory`, `n = ${n} rule`]),
    );
    const other = edited(shown, 'downstream.ridge', '0.1').experiment!;
    expect(ridgeTicks(other.panels[0]!, reports)).toEqual([]);
  });
});
