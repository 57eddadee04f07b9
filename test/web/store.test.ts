import { describe, expect, it } from 'vitest';
import { presets } from '../../src/web/presets.ts';
import { canRun, EMPTY, edited, heard, opened, type State, started, stopping, typed } from '../../src/web/store.ts';
import { announcement, progressText } from '../../src/web/words.ts';

/*
 * Plan: the states of the page, without a page.
 * - a preset opens right; a wrong number is a problem at its path, all problems at once, and stops the run
 * - putting it right again keeps the figures; another experiment drops the run
 * - text that cannot be read keeps the form as it was
 * - a run: batches, late theory, stop, end; refusals
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
    const late = heard(ready, { kind: 'theory', id: 1, curves: [[]] }, 2);
    expect(late.curves).toBeNull();
    expect(heard(ready, { kind: 'theory', id: 2, curves: [[]] }, 2).curves).toEqual([[]]);
  });

  it('says why it was refused', () => {
    const refused = heard(started(ready), { kind: 'refused', message: 'too small' }, 1);
    expect(refused.run?.notes).toEqual(['too small']);
    expect(canRun(refused)).toBe(true);
  });
});
