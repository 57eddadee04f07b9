/**
 * Plan (marks are found by the class of their group; places are read from the SVG's own attributes)
 * - Every cell is a mark, every series a dashed line of its colour, every interval a band; nothing leaves the
 *   frame.
 * - Series labels are all there, in the order of their curves, and do not overlap; neither do tick labels.
 * - Powers of ten are raised spans, no markup is left in the text.
 * - Printed values are rings, levels lines named where there is room, the leading order dotted; no tick lacks its text.
 * - Medians are hollow. Zero on a log axis is dropped and the caption says so. A panel without results or with one cell.
 * - Frames: one for each value, on the same scales, every mark in the frame of its cell and every line of theory in that of its own; one key, each
 *   axis named once, numbers at the outer edges alone.
 * - Runs over each other: marks tell them apart, colours the curves; equal theory is drawn once; where each is one curve, colours tell runs.
 * - Panels as one figure: lettered, side by side where there is room, one key for all of them or each its names; the caption says once what is true
 *   of all.
 * - Many curves: all names stand within the sheet.
 * - The same input gives the same bytes; widths follow the presets; root has xmlns, role and a label.
 * - No text is cut off on the right at any preset, measured in the font of the PNG.
 */
import { parseHTML } from 'linkedom';
import { describe, expect, test } from 'vitest';
import { FIGURE_WIDTHS, type FigureInput, panelFigure, panelsFigure } from '../../src/report/figure.ts';
import { svgText } from '../../src/report/figure-node.ts';
import { arrange } from '../../src/report/figure-sheet.ts';
import { theoryCurve } from '../../src/report/theory-curve.ts';
import { withoutMean } from '../../src/statistics/summary.ts';
import { GENERATIONS, logAxis, MANIFEST, panelOf, predict, RIDGE_PANEL, SAMPLES_PANEL, simulate } from './synthetic.ts';

function inputOf(panel = RIDGE_PANEL, changes: Partial<FigureInput> = {}): FigureInput {
  const theory = theoryCurve(panel, (at) => predict('', at));
  return { title: 'Figure 1', panel, cells: simulate(panel).cells, theory, provenance: MANIFEST, ...changes };
}

const draw = (input: FigureInput) => panelFigure(input, parseHTML('<!doctype html><html></html>').document);
const all = (svg: Element, selector: string) => [...svg.querySelectorAll(selector)];
const numbers = (element: Element, ...names: string[]) => names.map((name) => Number(element.getAttribute(name)));

function frameOf(svg: Element) {
  const [x, y, width, height] = numbers(svg.querySelector('rect')!, 'x', 'y', 'width', 'height');
  return { left: x!, top: y!, right: x! + width!, bottom: y! + height! };
}

/** Pixel places of all marks of a class: circles carry cx and cy, other shapes a translation. */
function places(svg: Element, group: string): readonly (readonly [number, number])[] {
  return all(svg, `.${group} circle, .${group} path`).map((mark) => {
    const shift = /translate\(([-\d.e]+),([-\d.e]+)\)/.exec(mark.getAttribute('transform') ?? '');
    const [cx, cy] = numbers(mark, 'cx', 'cy');
    return shift === null ? [cx!, cy!] : [Number(shift[1]), Number(shift[2])];
  });
}

const texts = (svg: Element) => all(svg, 'text').map((text) => text.textContent ?? '');

test.each([RIDGE_PANEL, SAMPLES_PANEL])('all of panel $name is drawn inside the frame', (panel) => {
  const svg = draw(inputOf(panel));
  const frame = frameOf(svg);
  expect(places(svg, 'mean')).toHaveLength(panel.cells.length);
  expect(all(svg, '.interval line')).toHaveLength(0);
  expect(all(svg, '.band line')).toHaveLength(panel.cells.length);
  for (const [x, y] of places(svg, 'mean')) {
    expect(x > frame.left && x < frame.right && y > frame.top && y < frame.bottom).toBe(true);
  }
  const lines = all(svg, '.theory');
  expect(lines.map((line) => line.getAttribute('stroke'))).toEqual(['#0072B2', '#D55E00', '#009E73', '#CC79A7']);
  for (const line of lines) {
    expect(line.getAttribute('stroke-dasharray')).toBe('5 3');
    const ys = (line.querySelector('path')?.getAttribute('d') ?? '').match(/(?<=,)[-\d.]+/g)!.map(Number);
    expect(ys.length).toBeGreaterThan(30);
    expect(Math.min(...ys) >= frame.top - 0.01 && Math.max(...ys) <= frame.bottom + 0.01).toBe(true);
  }
});

test('a mark sits where its numbers say', () => {
  const svg = draw(inputOf());
  const frame = frameOf(svg);
  const [x, y] = places(svg, 'mean')[0]!;
  const tick = (axis: string, text: string) => {
    const label = all(svg, `g[aria-label="${axis}-axis tick label"] text`).find((one) => one.textContent === text)!;
    return /translate\(([-\d.]+),([-\d.]+)\)/.exec(label.getAttribute('transform')!)!.slice(1).map(Number);
  };
  expect(x).toBeCloseTo(tick('x', '10−3')[0]!, 6);
  const decade = tick('y', '10−2')[1]! - tick('y', '10−1')[1]!;
  const mean = inputOf().cells[0]!.mean;
  expect(y).toBeCloseTo(tick('y', '10−2')[1]! - decade * Math.log10(mean / 0.01), 6);
  expect(y).toBeLessThan(frame.bottom);
});

test('the name of the y axis stands beyond the widest text of a tick', () => {
  const panel = { ...RIDGE_PANEL, figure: { ...RIDGE_PANEL.figure!, errors: 'linear' as const } };
  const cells = inputOf(panel).cells.map((cell) => ({ ...cell, mean: 1e-3 * cell.mean, sem: 1e-3 * cell.sem }));
  const { fontSize, yOffset, margin, y } = arrange({ ...inputOf(panel), cells, theory: [] }).frames[0]!;
  const longest = Math.max(...y.major.map((value) => y.format(value).replace(/[\^{}]/g, '').length));
  expect(longest).toBeGreaterThan(4);
  // A digit is half as wide as letters are high; between texts and name there is the tick.
  expect(yOffset).toBeGreaterThan((0.5 * longest + 1.5) * fontSize);
  expect(margin.left).toBeGreaterThan(yOffset);
});

test('series labels neither overlap nor swap', () => {
  for (const width of ['default', 'icml'] as const) {
    const svg = draw(inputOf(RIDGE_PANEL, { width }));
    const labels = all(svg, 'text').filter((text) => /^n = /.test(text.textContent ?? ''));
    const ys = labels.map((label) => numbers(label, 'y')[0]!);
    expect(labels.map((label) => label.textContent)).toEqual(['n = 10', 'n = 3', 'n = 1', 'n = 0']);
    const size = numbers(labels[0]!, 'font-size')[0]!;
    ys.slice(1).forEach((y, i) => {
      expect(y - ys[i]!).toBeGreaterThanOrEqual(1.1 * size);
    });
  }
});

test('powers of ten are raised', () => {
  const svg = draw(inputOf());
  const raised = all(svg, 'tspan').filter((span) => span.getAttribute('dy') === '-0.55em');
  expect(raised.map((span) => span.textContent)).toEqual(['−3', '−2', '−1', '0', '1', '−2', '−1', '0']);
  expect(texts(svg).join('')).not.toMatch(/[\^{}]/);
});

test('medians are hollow, zero is dropped from a log axis', () => {
  const { cells } = inputOf();
  const infinite = { ...cells[0]!, ...withoutMean(cells[0]!), theory: null, z: null };
  const zero = { ...cells[1]!, mean: 0, sem: 0, sd: 0, median: 0, q05: 0, q95: 0 };
  const svg = draw(inputOf(RIDGE_PANEL, { cells: cells.with(0, infinite).with(1, zero) }));
  expect(places(svg, 'median')).toHaveLength(1);
  expect(svg.querySelector('.median')!.getAttribute('fill')).toBe('white');
  expect(places(svg, 'mean')).toHaveLength(38);
  const caption = texts(svg).join(' ');
  expect(caption).toContain('Hollow marks: median of 1,000 trials');
  expect(caption).toContain('1 cell not positive');
});

test('printed values are rings where they were printed, and widen the axis', () => {
  const { cells } = inputOf();
  const panel = {
    ...RIDGE_PANEL,
    expected: [
      { cell: 0, value: cells[0]!.mean, within: 0.05 },
      { cell: 1, value: 40, within: 0.05, misprint: 'why' },
    ],
  };
  const svg = draw(inputOf(panel));
  const rings = places(svg, 'printed');
  expect(rings).toHaveLength(2);
  expect(rings[0]![1]).toBeCloseTo(places(svg, 'mean')[0]![1], 6);
  expect(rings[1]![1]).toBeGreaterThan(frameOf(svg).top);
  const caption = (panel: Parameters<typeof inputOf>[0]) => texts(draw(inputOf(panel))).join(' ');
  expect(caption(panel)).toContain('Rings: values printed in the paper, some of them wrong.');
  expect(caption({ ...panel, expected: [panel.expected[0]!] })).toContain('Rings: values printed in the paper.');
  expect(caption({ ...panel, expected: [panel.expected[1]!] })).toContain('paper, wrong here.');
  expect(caption(RIDGE_PANEL)).not.toContain('Rings');
});

test('levels are lines across the frame with their names inside, where there is room', () => {
  const levels = [0.9, 0.004, 5e3].map((y) => ({ y, label: `level ${y}` }));
  const svg = draw(inputOf({ ...RIDGE_PANEL, figure: { ...RIDGE_PANEL.figure!, levels } }));
  const frame = frameOf(svg);
  const lines = all(svg, '.level line');
  expect(lines).toHaveLength(2);
  expect(numbers(lines[0]!, 'x1', 'x2')).toEqual([frame.left, frame.right]);
  const at = (label: string) => {
    const [name] = all(svg, '.level-name text').filter((text) => text.textContent === label);
    return /translate\(([-\d.]+),([-\d.]+)\)/.exec(name!.getAttribute('transform')!)!.slice(1).map(Number);
  };
  // The curves meet at the upper right and run along the lower left.
  expect(at('level 0.9')[0]).toBe(frame.left);
  expect(at('level 0.004')[0]).toBe(frame.right);
});

test('errors on a linear axis if asked', () => {
  const linear = { ...RIDGE_PANEL, figure: { ...RIDGE_PANEL.figure!, errors: 'linear' as const } };
  const ticks = all(draw(inputOf(linear)), 'g[aria-label="y-axis tick label"] text').map((text) => text.textContent);
  expect(ticks).toContain('0.2');
  expect(ticks.join('')).not.toContain('10');
});

test('every tick has its text where a log axis spans less than two decades', () => {
  const panel = panelOf('d', { path: 'dimension', values: [10, 20, 40, 80, 160], spacing: 'list' }, null);
  const labels = all(draw(inputOf(panel)), 'g[aria-label="x-axis tick label"] text').map((text) => text.textContent);
  expect(labels).toEqual(['10', '20', '50', '100']);
});

test('the leading order is dotted over the dimension', () => {
  const panel = panelOf('d', { path: 'dimension', values: [10, 20, 40], spacing: 'list' }, null);
  const e = simulate(panel).cells[0]!.mean;
  const theory = [10, 20, 40].map((x) => ({ x, y: e * (1 + 1 / x), series: null, leading: e }));
  const svg = draw(inputOf(panel, { theory }));
  expect(all(svg, '.leading path')).toHaveLength(1);
  expect(texts(svg).join(' ')).toContain('Dotted: the theory to leading order');
  expect(all(draw(inputOf()), '.leading path')).toHaveLength(0);
});

test('a theory that diverges leaves the frame at its edge', () => {
  const pole = (x: number) => 0.1 / Math.abs(Math.log10(x) - 0.012);
  const theory = inputOf().theory.map((point) => ({ ...point, y: pole(point.x) }));
  const svg = draw(inputOf(RIDGE_PANEL, { theory }));
  const frame = frameOf(svg);
  const ys = svg
    .querySelector('.theory path')!
    .getAttribute('d')!
    .match(/(?<=,)[-\d.]+/g)!
    .map(Number);
  expect(Math.min(...ys)).toBeCloseTo(frame.top, 2);
  expect(ys.filter((y) => Math.abs(y - frame.top) < 0.01)).toHaveLength(2);
  expect(Math.max(...ys)).toBeLessThan(frame.bottom);
});

test('an interval that reaches below zero ends at the frame', () => {
  const { cells } = inputOf();
  const wide = { ...cells[0]!, trials: 3, sem: cells[0]!.mean };
  const svg = draw(inputOf(RIDGE_PANEL, { cells: cells.with(0, wide) }));
  const [y1, y2] = numbers(svg.querySelector('.band line')!, 'y1', 'y2');
  expect(Math.max(y1!, y2!)).toBeCloseTo(frameOf(svg).bottom, 6);
});

test('a panel without results, with one cell, with many series', () => {
  expect(places(draw(inputOf(RIDGE_PANEL, { cells: [] })), 'mean')).toHaveLength(0);
  expect(places(draw(inputOf(RIDGE_PANEL, { cells: [], theory: [] })), 'mean')).toHaveLength(0);
  const one = panelOf('one', { path: 'generations', values: [4], spacing: 'list' }, null);
  expect(places(draw(inputOf(one)), 'mean')).toHaveLength(1);
  const crowd = { ...GENERATIONS, values: Array.from({ length: 30 }, (_, i) => i) };
  const svg = draw(inputOf(panelOf('crowd', logAxis('downstream.ridge', -3, 1, 4), crowd)));
  expect(texts(svg).filter((text) => /^n = /.test(text))).toHaveLength(30);
});

describe('frames', () => {
  const noise = { path: 'generator.noise', values: [0.1, 0.2, 0.4], spacing: 'list' } as const;
  const cells = noise.values.flatMap((value) =>
    RIDGE_PANEL.cells.map(({ at, parameters }) => ({ at: { ...at, 'generator.noise': value }, parameters })),
  );
  const panel = { ...RIDGE_PANEL, axes: [...RIDGE_PANEL.axes, noise], cells };
  const svg = draw(inputOf(panel));
  const frames = all(svg, 'rect').map((rect) => {
    const [x, y, width, height] = numbers(rect, 'x', 'y', 'width', 'height');
    return { left: x!, top: y!, right: x! + width!, bottom: y! + height! };
  });

  test('one for each value, side by side', () => {
    expect(svg.getAttribute('aria-label')).toContain(
      'one curve for each generation n, one frame for each generator noise σ₀;',
    );
    expect(frames).toHaveLength(3);
    expect(new Set(frames.map(({ top, bottom }) => `${top} ${bottom}`)).size).toBe(1);
    expect(frames[1]!.left).toBeGreaterThan(frames[0]!.right);
    const widths = frames.map(({ left, right }) => right - left);
    expect(Math.max(...widths) - Math.min(...widths)).toBeLessThan(1e-9);
  });

  test('every mark and line in its own', () => {
    const marks = places(svg, 'mean');
    expect(marks).toHaveLength(120);
    const inside = ({ left, right, top, bottom }: (typeof frames)[number]) =>
      marks.filter(([x, y]) => x > left && x < right && y > top && y < bottom).length;
    expect(frames.map(inside)).toEqual([40, 40, 40]);
    expect(all(svg, '.theory')).toHaveLength(12);
    const shared = arrange(inputOf(panel)).frames;
    expect(new Set(shared.map(({ x, y }) => JSON.stringify([x.domain, y.domain]))).size).toBe(1);
    expect(shared.map(({ series }) => series.map(({ key }) => key))).toEqual(
      noise.values.map((value) => GENERATIONS.values.map((n) => `n = ${n}, σ₀ = ${value}`)),
    );
  });

  test('named once', () => {
    for (const text of ['n = 0', 'n = 10', 'σ₀ = 0.1', 'σ₀ = 0.4', 'ridge λ', 'test error E'])
      expect(texts(svg).filter((one) => one === text)).toHaveLength(1);
    expect(all(svg, '.key > *')).toHaveLength(4);
    // Of y alone, at the first frame; of x at each of the three, too.
    for (const [text, times] of [
      ['10−1', 1],
      ['10−2', 4],
    ] as const)
      expect(texts(svg).filter((one) => one === text)).toHaveLength(times);
  });

  test('of four, two by two, with numbers at the outer edges', () => {
    const four = { ...noise, values: [0.1, 0.2, 0.4, 0.8] };
    const sheet = arrange(
      inputOf({
        ...panel,
        axes: [...RIDGE_PANEL.axes, four],
        cells: [
          ...cells,
          ...cells.slice(0, 40).map(({ at, parameters }) => ({ at: { ...at, 'generator.noise': 0.8 }, parameters })),
        ],
      }),
    );
    expect(sheet.frames.map(({ numbered }) => numbered)).toEqual([
      { x: false, y: true },
      { x: false, y: false },
      { x: true, y: true },
      { x: true, y: false },
    ]);
  });
});

describe('runs over each other', () => {
  const input = inputOf();
  const moved = (factor: number) => input.cells.map((cell) => ({ ...cell, mean: factor * cell.mean }));
  const { panel, theory, provenance } = input;
  const run = (name: string, factor: number, line = theory) => ({
    name,
    panel,
    cells: moved(factor),
    theory: line,
    provenance,
  });
  const over = (...others: ReturnType<typeof run>[]) => draw({ ...input, runs: { name: 'first', others } });

  test('are told by marks, their curves by colours, and equal theory is drawn once', () => {
    const svg = over(run('second', 2));
    expect(places(svg, 'mean')).toHaveLength(80);
    expect(all(svg, '.theory path')).toHaveLength(4);
    expect(all(svg, '.key > *')).toHaveLength(2);
    const dashes = new Set(all(svg, '.theory').map((line) => line.getAttribute('stroke-dasharray')));
    expect(dashes).toContain('5 3');
    expect(texts(svg).filter((text) => ['first', 'second', 'n = 3'].includes(text))).toHaveLength(3);
    const { series } = arrange({ ...input, runs: { name: 'first', others: [run('second', 2)] } }).frames[0]!;
    expect(new Set(series.filter(({ run }) => run === 1).map(({ style }) => style.symbol))).toEqual(
      new Set(['diamond']),
    );
    expect(new Set(series.filter(({ name }) => name === 'n = 3').map(({ style }) => style.color)).size).toBe(1);
  });

  test('that differ in theory have a line each', () => {
    const other = theory.map((point) => ({ ...point, y: 2 * point.y }));
    expect(all(over(run('second', 2, other)), '.theory path')).toHaveLength(8);
  });

  test('of one curve each are told by colours', () => {
    const one = panelOf('one', logAxis('downstream.ridge', -2, 0, 3), null);
    const first = inputOf(one);
    const others = [{ ...run('second', 2), panel: one, cells: first.cells, theory: first.theory }];
    const svg = draw({ ...first, runs: { name: 'first', others } });
    expect(all(svg, '.key > *')).toHaveLength(0);
    expect(all(svg, '.mean').map((mark) => mark.getAttribute('fill'))).toEqual(['#0072B2', '#D55E00']);
    expect(texts(svg)).toEqual(expect.arrayContaining(['first', 'second']));
  });
});

describe('panels as one figure', () => {
  const inputs = [inputOf(RIDGE_PANEL), inputOf(SAMPLES_PANEL)];
  const together = (width: 'default' | 'icml', panels = inputs) =>
    panelsFigure(panels, { title: 'Figure 1', width }, parseHTML('<!doctype html><html></html>').document);
  const rects = (svg: Element) => all(svg, 'rect').map((rect) => numbers(rect, 'x', 'y', 'height'));

  test('stand side by side, below one key', () => {
    const svg = together('default');
    const [first, second] = rects(svg);
    expect(second![0]).toBeGreaterThan(first![0]!);
    expect(second!.slice(1)).toEqual(first!.slice(1));
    expect(places(svg, 'mean')).toHaveLength(RIDGE_PANEL.cells.length + SAMPLES_PANEL.cells.length);
    for (const text of ['a', 'b', 'ridge', 'samples', 'n = 3', 'Figure 1'])
      expect(texts(svg).filter((one) => one === text)).toHaveLength(1);
    const caption = texts(svg).join(' ');
    expect(caption).toContain('(a) 0 of 40,000 trials failed. (b) 0 of 48,000 trials failed.');
    expect(caption.match(/Dashed/g)).toHaveLength(1);
  });

  test('stand below each other in a column, curves named at their ends', () => {
    const svg = together('icml');
    const [first, second] = rects(svg);
    expect(second![1]).toBeGreaterThan(first![1]! + first![2]!);
    expect(texts(svg).filter((one) => one === 'n = 3')).toHaveLength(2);
  });

  test('have keys of their own where these differ', () => {
    const other = inputOf(panelOf('other', logAxis('downstream.ridge', -3, 1, 4), { ...GENERATIONS, values: [0, 7] }));
    const svg = together('default', [inputs[0]!, other]);
    expect(texts(svg).filter((one) => one === 'n = 0')).toHaveLength(2);
    expect(texts(svg).filter((one) => one === 'n = 7')).toHaveLength(1);
  });
});

test('names of many curves stand within the sheet', () => {
  const crowd = { ...GENERATIONS, values: Array.from({ length: 40 }, (_, i) => i) };
  const svg = draw(inputOf(panelOf('crowd', logAxis('downstream.ridge', -3, 1, 4), crowd)));
  const names = all(svg, 'text').filter((text) => /^n = /.test(text.textContent ?? ''));
  expect(Math.max(...names.map((name) => numbers(name, 'y')[0]!))).toBeLessThan(frameOf(svg).bottom);
});

test('a stable file with the attributes that readers need', () => {
  const text = svgText(inputOf());
  expect(svgText(inputOf())).toBe(text);
  expect(text).toMatch(/^<svg [^>]*xmlns="http:\/\/www.w3.org\/2000\/svg"/);
  expect(text).not.toMatch(/NaN|undefined|Infinity/);
  for (const width of ['default', 'neurips', 'icml'] as const) {
    const svg = draw(inputOf(RIDGE_PANEL, { width }));
    expect(numbers(svg, 'width')).toEqual([FIGURE_WIDTHS[width]]);
    expect(svg.getAttribute('role')).toBe('img');
    expect(svg.getAttribute('aria-label')).toBe(
      'Figure 1: test error against ridge λ, one curve for each generation n; 40 simulated points beside their theory',
    );
  }
});
