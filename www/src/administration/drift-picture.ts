import { type Child, h, svg } from '../dom';
import { tableFrame, tableRow } from '../elements/table';
import { date, plural } from '../format';

export interface DriftPoint {
  readonly time: string;
  readonly seconds: number;
}

const WIDTH = 600;
const HEIGHT = 120;

/** How a device's clock has run: a line over time, and the figures as a table for whoever can't see it. */
export function driftPicture(points: readonly DriftPoint[]): Child {
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last || points.length < 2) {
    return h('p', { class: 'quiet' }, 'Too few sign-ins yet to draw how its clock runs.');
  }
  const label = `From ${aheadText(first.seconds)} on ${date(first.time)} to ${aheadText(last.seconds)} on ${date(last.time)}.`;
  return [
    h('figure', { class: 'drift' }, axis(points), drawing(points, label),
      h('div', { class: 'drift-times', 'aria-hidden': 'true' }, h('span', {}, date(first.time)), h('span', {}, date(last.time))),
      h('figcaption', { class: 'hint' }, label)),
    h('details', {}, h('summary', {}, `All ${plural(points.length, 'figure')}`), table(points)),
  ];
}

function axis(points: readonly DriftPoint[]): HTMLElement {
  const { least, most } = bounds(points);
  return h('div', { class: 'drift-axis', 'aria-hidden': 'true' }, h('span', {}, `${signed(most)} s`), h('span', {}, `${signed(least)} s`));
}

function drawing(points: readonly DriftPoint[], label: string): SVGElement {
  const { least, most } = bounds(points);
  const [from, to] = [Date.parse(points[0]?.time ?? ''), Date.parse(points.at(-1)?.time ?? '')];
  const x = (time: string): number => round(((Date.parse(time) - from) / Math.max(1, to - from)) * WIDTH);
  const y = (seconds: number): number => round(((most - seconds) / Math.max(1, most - least)) * HEIGHT);
  const places = points.map(({ time, seconds }) => `${x(time)} ${y(seconds)}`);
  return svg('svg', { class: 'drift-drawing', viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: 'none', role: 'img', 'aria-label': label },
    svg('path', { class: 'drift-zero', d: `M0 ${y(0)}H${WIDTH}` }),
    svg('path', { class: 'drift-line', d: `M${places.join('L')}` }),
    // A line of no length with round ends is a dot that does not stretch with the picture.
    svg('path', { class: 'drift-dots', d: places.map((place) => `M${place}h0`).join('') }));
}

function table(points: readonly DriftPoint[]): HTMLElement {
  const rows = points.toReversed().map(({ time, seconds }) =>
    tableRow([{ title: 'Date', content: date(time) }, { title: 'Clock', content: aheadText(seconds), isNumber: true }]));
  const heads = [h('th', { scope: 'col' }, 'Date'), h('th', { scope: 'col', class: 'number' }, 'Clock')];
  return tableFrame('How its clock has run', heads, h('tbody', {}, rows));
}

/** The picture always shows where zero is. */
function bounds(points: readonly DriftPoint[]): { least: number; most: number } {
  const seconds = points.map((point) => point.seconds);
  return { least: Math.min(0, ...seconds), most: Math.max(0, ...seconds) };
}

function aheadText(seconds: number): string {
  if (seconds === 0) return 'in step';
  return `${Math.abs(seconds)} s ${seconds > 0 ? 'ahead' : 'behind'}`;
}

function signed(seconds: number): string {
  return seconds > 0 ? `+${seconds}` : String(seconds).replace('-', '−');
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
