import { svg } from '../dom';

/** The back of a token, with its serial number marked. */
export function backOfToken(): SVGElement {
  return drawing(
    'The back of a token: the serial number stands under the bar code.',
    ...token(),
    ...bars(),
    svg('rect', { class: 'drawing-mark', x: 86, y: 70, width: 128, height: 24, rx: 6 }),
    label(150, 87, 'S/N 2308701201234'),
  );
}

/** The front of a token, with its button marked. */
export function frontOfToken(): SVGElement {
  return drawing(
    'The front of a token: press the button, and the code appears in the display.',
    ...token(),
    svg('rect', { class: 'drawing-line', x: 82, y: 36, width: 106, height: 44, rx: 5 }),
    svg('text', { class: 'drawing-digits', x: 135, y: 65, 'text-anchor': 'middle' }, '492 039'),
    svg('circle', { class: 'drawing-mark', cx: 216, cy: 58, r: 16 }),
    svg('circle', { class: 'drawing-line', cx: 216, cy: 58, r: 9 }),
  );
}

function drawing(title: string, ...children: SVGElement[]): SVGElement {
  return svg('svg', { class: 'drawing', viewBox: '0 0 260 116', role: 'img', 'aria-label': title }, ...children);
}

function token(): SVGElement[] {
  return [
    svg('rect', { class: 'drawing-case', x: 56, y: 14, width: 190, height: 88, rx: 28 }),
    svg('circle', { class: 'drawing-line', cx: 36, cy: 58, r: 20 }),
    svg('circle', { class: 'drawing-line', cx: 70, cy: 58, r: 5 }),
  ];
}

/** A bar code is thick and thin lines. */
function bars(): SVGElement[] {
  const widths = [3, 1, 2, 1, 4, 1, 1, 3, 2, 1, 3, 1, 1, 2, 4, 1, 2, 1, 3, 1, 2];
  let x = 96;
  return widths.map((width) => {
    const bar = svg('rect', { class: 'drawing-bar', x, y: 30, width, height: 32 });
    x += width + 3.4;
    return bar;
  });
}

function label(x: number, y: number, text: string): SVGElement {
  return svg('text', { class: 'drawing-text', x, y, 'text-anchor': 'middle' }, text);
}
