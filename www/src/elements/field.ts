import { h, setAttribute, uniqueId } from '../dom';

export interface FieldOptions {
  readonly label: string;
  readonly hint?: string | undefined;
  readonly attributes?: Readonly<Record<string, unknown>>;
}

/** A label, a hint, an input, and what is wrong with what was typed. */
export class Field extends HTMLElement {
  readonly input: HTMLInputElement;
  readonly #label: HTMLElement;
  readonly #error: HTMLElement;
  readonly #hint: HTMLElement | undefined;

  constructor({ label, hint, attributes }: FieldOptions) {
    super();
    const id = uniqueId('field');
    this.input = h('input', { id, type: 'text', autocapitalize: 'none', spellcheck: 'false', ...attributes });
    this.#hint = hint === undefined ? undefined : h('p', { id: `${id}-hint`, class: 'hint' }, hint);
    this.#error = h('p', { id: `${id}-error`, class: 'field-error', hidden: true });
    this.#label = h('label', { for: id }, label);
    this.describe();
  }

  connectedCallback(): void {
    this.classList.add('field');
    if (!this.#label.isConnected) this.append(...this.parts());
  }

  /** What the field is made of, in its order. */
  protected parts(): (Node | string)[] {
    return [this.#label, ...(this.#hint ? [this.#hint] : []), this.input, this.#error];
  }

  get value(): string {
    return this.input.value;
  }

  set value(value: string) {
    this.input.value = value;
  }

  get error(): string | undefined {
    return this.#error.hidden ? undefined : (this.#error.textContent ?? '');
  }

  set error(text: string | undefined) {
    this.#error.textContent = text ?? '';
    this.#error.hidden = text === undefined;
    setAttribute(this.input, 'aria-invalid', text === undefined ? undefined : 'true');
    this.describe();
  }

  /** Ids that exist, and no others. */
  private describe(): void {
    const ids = [this.#hint?.id, this.#error.hidden ? undefined : this.#error.id].filter((id) => id !== undefined);
    setAttribute(this.input, 'aria-describedby', ids.length > 0 ? ids.join(' ') : undefined);
  }
}

customElements.define('keyfob-field', Field);
