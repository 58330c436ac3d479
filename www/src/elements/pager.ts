import { h, setAttribute } from '../dom';

interface Way {
  readonly text: string;
  readonly go: () => unknown;
}

/** What part of a long list is shown, and the ways to the parts beside it. */
export class Pager extends HTMLElement {
  readonly #status = h('p', { role: 'status', class: 'quiet' });
  readonly #back: HTMLButtonElement;
  readonly #on: HTMLButtonElement;
  readonly #label: string;

  constructor(label: string, back: Way, on: Way) {
    super();
    this.#label = label;
    this.#back = wayButton(back);
    this.#on = wayButton(on);
  }

  connectedCallback(): void {
    this.classList.add('block');
    if (this.childElementCount > 0) return;
    this.append(h('nav', { class: 'pager', 'aria-label': this.#label }, this.#status, this.#back, this.#on));
  }

  /** Without a way in either direction there are no buttons. */
  show(text: string, canGoBack: boolean, canGoOn: boolean): void {
    this.#status.textContent = text;
    for (const [way, can] of [[this.#back, canGoBack], [this.#on, canGoOn]] as const) {
      way.hidden = !canGoBack && !canGoOn;
      // It stays focusable, so that the focus is not lost at the end.
      setAttribute(way, 'aria-disabled', !can && 'true');
    }
  }
}

function wayButton({ text, go }: Way): HTMLButtonElement {
  const made = h('button', { type: 'button', class: 'small' }, text);
  made.addEventListener('click', () => {
    if (made.getAttribute('aria-disabled') !== 'true') go();
  });
  return made;
}

customElements.define('keyfob-pager', Pager);
