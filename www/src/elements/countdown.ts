import { svg } from '../dom';

const RADIUS = 17;
const LENGTH = 2 * Math.PI * RADIUS;

/** A ring that empties until the device shows its next code. The text beside it says the same. */
export class CountdownRing extends HTMLElement {
  readonly #left = svg('circle', { class: 'left', cx: '20', cy: '20', r: RADIUS, 'stroke-dasharray': LENGTH });

  connectedCallback(): void {
    this.setAttribute('aria-hidden', 'true');
    if (this.childElementCount > 0) return;
    this.append(svg('svg', { class: 'ring', viewBox: '0 0 40 40' }, svg('circle', { cx: '20', cy: '20', r: RADIUS }), this.#left));
  }

  show(seconds: number, period: number): void {
    this.#left.setAttribute('stroke-dashoffset', String(LENGTH * (1 - Math.min(1, seconds / period))));
  }
}

customElements.define('keyfob-countdown-ring', CountdownRing);
