import * as Plot from '@observablehq/plot';
import { styleOf } from '../src/report/series.ts';
import { FONT_FAMILY, textElement } from '../src/report/svg-text.ts';
import type { BenchRecord, Roofline, Row } from './record.ts';
import { rateOf } from './statistics.ts';

/** Arithmetic against intensity, our kernels below the roof that was measured in the same run. */

interface Mark {
  readonly kernel: string;
  readonly label: string;
  /** Operations per byte. */
  readonly intensity: number;
  /** GFLOP/s. */
  readonly speed: number;
}

const WIDTH = 860;
const HEIGHT = 520;
const INK = '#1a1a1a';
const GRID = '#e4e4e4';

/** Whether there are peaks, and kernels below them. */
export function hasFigure({ roofline, rows }: BenchRecord): boolean {
  return roofline !== null && rows.flatMap(markOf).length > 0;
}

/** Of a record that has one. */
export function rooflineFigure(record: BenchRecord, document: Document): SVGSVGElement {
  const svg = draw(record.roofline!, record.rows.flatMap(markOf), document);
  svg.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  svg.setAttribute('role', 'img');
  captionOf(record).forEach((line, i) => {
    const style = { x: 16, y: HEIGHT - 48 + 17 * i, fontSize: 12, fill: '#555555' };
    svg.append(textElement(document, line, style));
  });
  return svg;
}

/** Rows of our kernels that are right and whose work and traffic are counted. */
function markOf(row: Row): Mark[] {
  const rate = rateOf(row);
  const counted = row.flopsPerUnit > 0 && row.bytesPerUnit > 0;
  if (rate === null || !counted || row.verdict !== 'ok' || row.contestant !== 'collapse') return [];
  const { order, d } = row.shape;
  return [
    {
      kernel: row.name,
      label: String(order ?? d ?? ''),
      intensity: row.flopsPerUnit / row.bytesPerUnit,
      speed: (rate * row.flopsPerUnit) / 1e9,
    },
  ];
}

function draw({ flops, bytes }: Roofline, marks: readonly Mark[], document: Document): SVGSVGElement {
  const peak = flops.peak / 1e9;
  const ridge = flops.peak / bytes.peak;
  const x = [
    0.5 * Math.min(ridge, ...marks.map(({ intensity }) => intensity)),
    2 * Math.max(ridge, ...marks.map((m) => m.intensity)),
  ];
  const y = [
    0.5 * Math.min(...marks.map(({ speed }) => speed)),
    2 * Math.max(peak, ...marks.map(({ speed }) => speed)),
  ];
  const roof = [x[0]!, ridge, x[1]!].map((at) => ({ at, speed: Math.min(peak, (at * bytes.peak) / 1e9) }));
  const axis = { type: 'log', labelArrow: 'none', ticks: 6, tickFormat: '~g' } as const;
  const kernels = [...new Set(marks.map(({ kernel }) => kernel))];
  const color = { domain: kernels, range: kernels.map((_, i) => styleOf(i).color) };
  const symbol = { domain: kernels, range: kernels.map((_, i) => styleOf(i).symbol) };
  const last = kernels.map((kernel) => marks.filter((mark) => mark.kernel === kernel).at(-1)!);
  return Plot.plot({
    document,
    width: WIDTH,
    height: HEIGHT,
    marginTop: 24,
    marginRight: 120,
    marginBottom: 110,
    marginLeft: 70,
    style: { fontFamily: FONT_FAMILY, fontSize: '13px', background: 'white', color: INK },
    ariaLabel: `Roofline: ${marks.length} kernels below ${peak.toPrecision(3)} GFLOP/s`,
    x: { ...axis, domain: x, label: 'operations per byte of least traffic', labelAnchor: 'center', labelOffset: 38 },
    y: { ...axis, domain: y, label: 'GFLOP/s' },
    color,
    symbol,
    marks: [
      Plot.gridX({ stroke: GRID, strokeOpacity: 1 }),
      Plot.gridY({ stroke: GRID, strokeOpacity: 1 }),
      Plot.frame({ stroke: '#555555' }),
      Plot.line(roof, { x: 'at', y: 'speed', stroke: INK, strokeWidth: 2 }),
      Plot.text([{ at: x[1]!, speed: peak }], {
        x: 'at',
        y: 'speed',
        text: () => `peak ${peak.toPrecision(3)}`,
        textAnchor: 'end',
        dy: -9,
        fontWeight: 'bold',
      }),
      Plot.line(marks, { x: 'intensity', y: 'speed', z: 'kernel', stroke: 'kernel', strokeOpacity: 0.4 }),
      Plot.dot(marks, {
        x: 'intensity',
        y: 'speed',
        fill: 'kernel',
        symbol: 'kernel',
        r: 4.5,
        stroke: 'white',
        strokeWidth: 0.8,
      }),
      Plot.text(marks, { x: 'intensity', y: 'speed', text: 'label', dy: -10, fontSize: 11, fill: '#555555' }),
      Plot.text(last, {
        x: 'intensity',
        y: 'speed',
        text: 'kernel',
        fill: 'kernel',
        textAnchor: 'start',
        dx: 9,
        dy: 4,
      }),
    ],
  }) as SVGSVGElement;
}

function captionOf({ adapter, roofline, commit, date }: BenchRecord): readonly string[] {
  const { flops, bytes, drift } = roofline!;
  const software = adapter.software ? ' SOFTWARE adapter: says nothing of the speed of a GPU.' : '';
  return [
    `${adapter.description || adapter.device}.${software}`,
    `Peaks of the same run: ${(flops.peak / 1e9).toPrecision(3)} GFLOP/s, ${(bytes.peak / 1e9).toPrecision(3)} GB/s; ${drift === null ? 'read once' : `before and after differ by ${(100 * drift).toFixed(0)} %`}.`,
    `Numbers at the marks: matrix order or dimension. Commit ${(commit ?? 'unknown').slice(0, 10)}, ${date.slice(0, 10)}.`,
  ];
}
