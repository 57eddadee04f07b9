/** Plan. Levels of a figure stay with it through the canonical form and whatever is drawn along x; none without a figure. */
import { expect, test } from 'vitest';
import { parse, small } from './files.ts';

const levels = [{ y: 1, label: 'predicting zero' }];

test('levels stay with the figure', () => {
  const file = {
    ...small,
    generations: [0],
    downstream: { samples: [9, 12], noise: 0.1, ridge: [0.1, 1] },
    figure: { levels },
  };
  const experiment = parse(file);
  expect(experiment.panels[0]!.figure).toEqual({ x: 'downstream.samples', series: 'downstream.ridge', levels });
  expect(parse(experiment.file)).toEqual(experiment);
  expect(parse({ ...small, figure: { levels } }).panels[0]!.figure).toBeNull();
});
