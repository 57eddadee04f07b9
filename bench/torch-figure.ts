import * as Plot from '@observablehq/plot';
import { styleOf } from '../src/report/series.ts';
import { FONT_FAMILY, textElement } from '../src/report/svg-text.ts';
import type { BenchRecord, Row } from './record.ts';
import { rateOf } from './statistics.ts';

/** Our rate over torch's, size by size, from blocks in which both took turns. */

interface Mark {
  readonly what: string;
  readonly size: number;
  readonly ratio: number;
}

const WIDTH = 860;
const HEIGHT = 420;

export function torchMarks({ rows }: Pick<BenchRecord, 'rows'>): readonly Mark[] {
  const blocks = [...new Set(rows.map(({ block }) => block))];
  return blocks.flatMap((block) => {
    const right = rows.filter((row) => row.block === block && row.verdict === 'ok');
    const [ours, theirs] = [fastest(right, /^collapse( direct)?$/), fastest(right, /^torch/)];
    const size = ours?.shape.order ?? ours?.shape.d;
    if (!ours || !theirs || size === undefined) return [];
    const what = ours.name === 'trial' ? 'whole trial, direct' : ours.name;
    return [{ what, size, ratio: rateOf(ours)! / rateOf(theirs)! }];
  });
}

const fastest = (rows: readonly Row[], contestant: RegExp): Row | undefined =>
  rows.filter((row) => contestant.test(row.contestant)).toSorted((a, b) => rateOf(b)! - rateOf(a)!)[0];

/** Of a record that has marks. */
export function torchFigure(record: BenchRecord, document: Document): SVGSVGElement {
  const marks = torchMarks(record);
  const kinds = [...new Set(marks.map(({ what }) => what))];
  const svg = Plot.plot({
    document,
    width: WIDTH,
    height: HEIGHT,
    marginRight: 150,
    marginBottom: 80,
    marginLeft: 70,
    style: { fontFamily: FONT_FAMILY, fontSize: '13px', background: 'white', color: '#1a1a1a' },
    ariaLabel: `Our rate over torch's, ${marks.length} sizes`,
    x: {
      type: 'log',
      base: 2,
      label: 'order of the matrix, or dimension',
      labelAnchor: 'center',
      labelArrow: 'none',
      labelOffset: 36,
      tickFormat: 'd',
    },
    y: { type: 'log', label: "our rate over torch's", labelArrow: 'none', tickFormat: '~g', ticks: 6 },
    color: { domain: kinds, range: kinds.map((_, i) => styleOf(i).color) },
    symbol: { domain: kinds, range: kinds.map((_, i) => styleOf(i).symbol) },
    marks: [
      Plot.gridY({ stroke: '#e4e4e4', strokeOpacity: 1 }),
      Plot.frame({ stroke: '#555555' }),
      Plot.ruleY([1], { stroke: '#1a1a1a', strokeWidth: 2 }),
      Plot.line(marks, { x: 'size', y: 'ratio', z: 'what', stroke: 'what' }),
      Plot.dot(marks, { x: 'size', y: 'ratio', fill: 'what', symbol: 'what', r: 4.5 }),
      ...kinds.map((kind, i) =>
        Plot.text([kind], {
          text: (name: string) => name,
          frameAnchor: 'top-right',
          textAnchor: 'start',
          fill: styleOf(i).color,
          dx: 9,
          dy: 18 * i + 6,
        }),
      ),
    ],
  }) as SVGSVGElement;
  svg.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  svg.setAttribute('role', 'img');
  const { adapter, date, commit } = record;
  const line = `${adapter.description || adapter.device}. Commit ${(commit ?? 'unknown').slice(0, 10)}, ${date.slice(0, 10)}.`;
  svg.append(textElement(document, line, { x: 16, y: HEIGHT - 14, fontSize: 12, fill: '#555555' }));
  return svg;
}
