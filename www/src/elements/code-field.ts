import { type Keyfob, startKeyfob } from '../keyfob';
import { sentence } from '../messages';
import { Field } from './field';

/** One input for one code, read as the core reads it: spaces and dashes are left out, full-width digits taken for what they are. */
export class CodeField extends Field {
  #keyfob: Keyfob | undefined;

  constructor(label: string, hint?: string) {
    super({ label, hint, attributes: { class: 'code', inputmode: 'numeric', autocomplete: 'one-time-code', maxlength: 40 } });
    void startKeyfob().then((keyfob) => {
      this.#keyfob = keyfob;
      // What was typed while the package was on its way.
      if (this.value !== '') this.#read();
    });
    this.input.addEventListener('input', () => this.#read());
  }

  /** Whether the device can show this. Without the package nobody knows, and the service says so. */
  get isComplete(): boolean {
    return this.#keyfob?.parseCode(this.value).ok ?? this.value !== '';
  }

  /** What is wrong with it, for a form that is submitted. */
  get mistake(): string | undefined {
    const outcome = this.#keyfob?.parseCode(this.value);
    return outcome === undefined || outcome.ok ? undefined : sentence(outcome.message);
  }

  #read(): void {
    const outcome = this.#keyfob?.parseCode(this.value);
    if (outcome?.ok && outcome.code !== this.value) this.value = outcome.code;
    // Whoever is still typing has no error yet, but a letter never belongs there.
    this.error = outcome?.ok === false && outcome.reason === 'stray-character' ? sentence(outcome.message) : undefined;
  }
}

customElements.define('keyfob-code-field', CodeField);
