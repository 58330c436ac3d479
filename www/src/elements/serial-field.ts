import { fill, h, setAttribute, uniqueId } from '../dom';
import { type Keyfob, startKeyfob } from '../keyfob';
import { Field } from './field';

/** How long typing has to rest before serial numbers are looked up. */
const REST = 200;

/** A serial number, read as the core reads it; for those who may see what there is, with a list to choose from (an ARIA combobox). */
export class SerialField extends Field {
  readonly #suggest: ((text: string) => Promise<readonly string[]>) | undefined;
  readonly #list = h('ul', { role: 'listbox', id: uniqueId('serial-numbers'), class: 'suggestions', 'aria-label': 'Serial numbers', hidden: true });
  readonly #count = h('p', { role: 'status', class: 'visually-hidden' });
  #keyfob: Keyfob | undefined;
  #active = -1;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(label: string, suggest?: (text: string) => Promise<readonly string[]>, about?: string) {
    const hint = about ?? (suggest ? 'Type its beginning to choose from the devices that nobody has.' : 'It stands on the back of the device.');
    super({ label, hint: hint || undefined, attributes: { class: 'serial', autocomplete: 'off', maxlength: 300 } });
    this.#suggest = suggest;
    void startKeyfob().then((keyfob) => (this.#keyfob = keyfob));
    this.input.addEventListener('change', () => this.#normalise());
    if (suggest) this.#makeCombobox();
  }

  protected override parts(): (Node | string)[] {
    const [label, ...rest] = super.parts();
    if (!this.#suggest || label === undefined) return super.parts();
    return [label, ...rest, this.#list, this.#count];
  }

  #normalise(): void {
    const outcome = this.#keyfob?.parseSerialNumber(this.value);
    if (outcome?.ok) this.value = outcome.serial;
  }

  #makeCombobox(): void {
    setAttribute(this.input, 'role', 'combobox');
    setAttribute(this.input, 'aria-autocomplete', 'list');
    setAttribute(this.input, 'aria-controls', this.#list.id);
    setAttribute(this.input, 'aria-expanded', 'false');
    this.input.addEventListener('input', () => {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => void this.#search(), REST);
    });
    this.input.addEventListener('keydown', (event) => this.#key(event));
    this.input.addEventListener('blur', () => this.#close());
  }

  async #search(): Promise<void> {
    const text = this.value.trim();
    const found = text === '' ? [] : await (this.#suggest?.(text) ?? []);
    if (text !== this.value.trim() || document.activeElement !== this.input) return;
    this.#open(found.slice(0, 8));
  }

  #open(serials: readonly string[]): void {
    fill(this.#list, serials.map((serial) => this.#option(serial)));
    this.#active = -1;
    this.#count.textContent = serials.length === 0 ? '' : `${serials.length} to choose from`;
    this.#showOpen(serials.length > 0);
  }

  #option(serial: string): HTMLElement {
    const option = h('li', { role: 'option', id: uniqueId('option'), 'aria-selected': 'false' }, serial);
    // Before the input loses the focus.
    option.addEventListener('pointerdown', (event) => {
      event.preventDefault();
      this.#choose(serial);
    });
    return option;
  }

  #key(event: KeyboardEvent): void {
    if (this.#list.hidden) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) this.#move(step);
    else if (event.key === 'Enter' && this.#active >= 0) this.#choose(this.#options()[this.#active]?.textContent ?? '');
    else if (event.key === 'Escape') this.#close();
    else return;
    event.preventDefault();
  }

  #move(step: number): void {
    const options = this.#options();
    this.#active = (this.#active + step + options.length) % options.length;
    options.forEach((option, index) => option.setAttribute('aria-selected', String(index === this.#active)));
    setAttribute(this.input, 'aria-activedescendant', options[this.#active]?.id);
  }

  #options(): HTMLElement[] {
    return [...this.#list.children].filter((child) => child instanceof HTMLElement);
  }

  #choose(serial: string): void {
    this.value = serial;
    this.#close();
    this.input.dispatchEvent(new Event('change'));
  }

  #close(): void {
    clearTimeout(this.#timer);
    this.#showOpen(false);
  }

  #showOpen(isOpen: boolean): void {
    this.#list.hidden = !isOpen;
    setAttribute(this.input, 'aria-expanded', String(isOpen));
    if (!isOpen) setAttribute(this.input, 'aria-activedescendant', undefined);
  }
}

customElements.define('keyfob-serial-field', SerialField);
