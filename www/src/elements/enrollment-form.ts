import type { EnrollmentStep, Parameters, Submission } from '@keyfob/wasm';
import { nowInSeconds } from '../clock';
import { h } from '../dom';
import { type FieldName, type Reading, type Typed, readEnrollment, unread } from '../enrollment-steps';
import { type Keyfob, startKeyfob } from '../keyfob';
import { PAIR_REFUSED, problemText } from '../messages';
import { type Answer, type Problem, type Reason, accepted } from '../problem';
import { busy, submitButton } from './button';
import { CodeField } from './code-field';
import { CountdownRing } from './countdown';
import { backOfToken, frontOfToken } from './drawings';
import { Field } from './field';
import { MessagePlace } from './message';
import { SerialField } from './serial-field';

export interface EnrollmentOptions {
  /** The button that submits: "Associate MFA". */
  readonly action: string;
  /** What to say where it failed: "The device was not associated." */
  readonly failure: string;
  /** A serial number that is known is not asked for; `null` where the service finds the device by its codes. */
  readonly serial?: string | null;
  /** Asks for the serial number twice. */
  readonly forRoot?: boolean;
  /** How the device counts, where that is known. */
  readonly device?: Parameters;
  /** How many digits the codes have, where that alone is known. */
  readonly digits?: readonly number[];
  /** Looks up how a device counts, for those who may. */
  readonly lookUp?: (serial: string) => Promise<Parameters | undefined>;
  /** Serial numbers to choose from, for those who may see them. */
  readonly suggest?: (text: string) => Promise<readonly string[]>;
  /** Finds a device whose serial number can't be read by its codes. */
  readonly find?: (code1: string, code2: string) => Promise<Answer<readonly string[]>>;
  readonly role?: string;
  readonly cancel?: () => void;
  readonly submit: (submission: Submission) => Promise<Answer<unknown>>;
  readonly done: (submission: Submission) => void;
}

/** In place of a serial number that nobody has to type. */
const ANY_SERIAL = '-';

const NOT_FOUND = 'No device that is free shows these codes one after the other. Try two others, or ask an administrator.';

/**
 * Two consecutive codes of a device, and its serial number: what associates and resynchronises it. The steps, waits and mistakes are
 * those of the core's enrollment; where the package can't be loaded it is a form whose fields the service checks.
 */
export class EnrollmentForm extends HTMLElement {
  readonly #options: EnrollmentOptions;
  readonly #serial: SerialField | undefined;
  readonly #serialAgain: Field | undefined;
  readonly #code1: CodeField;
  readonly #code2 = new CodeField('Authentication Code 2');
  readonly #problem = new MessagePlace();
  readonly #status = h('p', { role: 'status', class: 'visually-hidden' });
  readonly #ring = new CountdownRing();
  readonly #notice = h('span', {});
  readonly #submit: HTMLButtonElement;
  readonly #unreadable = h('input', { type: 'checkbox', id: 'unreadable' });
  readonly #eightDigits = h('input', { type: 'checkbox', id: 'eight-digits' });
  #keyfob: Keyfob | undefined;
  #device: Parameters | undefined;
  #code1At: number | undefined;
  #lastState: string | undefined;
  #ticking: ReturnType<typeof setInterval> | undefined;

  constructor(options: EnrollmentOptions) {
    super();
    this.#options = options;
    this.#device = options.device;
    this.#submit = submitButton(options.action);
    const advance = 'When it is complete, you are taken to the second code.';
    this.#code1 = new CodeField('Authentication Code 1', `Type the code that the device shows. ${advance}`);
    if (options.serial !== undefined) return;
    this.#serial = new SerialField('Serial Number', options.suggest);
    if (options.forRoot) this.#serialAgain = new Field({ label: 'Re-Enter Serial Number', attributes: { autocomplete: 'off' } });
  }

  connectedCallback(): void {
    if (this.childElementCount > 0) return;
    this.append(this.#status, this.#problem, this.#form());
    this.#listen();
    void startKeyfob().then((keyfob) => {
      this.#keyfob = keyfob;
      // Who checks what is typed: from here on that does not change any more.
      this.dataset['checkedBy'] = keyfob ? 'page' : 'service';
      this.#show();
    });
    this.#show();
  }

  disconnectedCallback(): void {
    clearInterval(this.#ticking);
  }

  /** Puts the cursor where typing begins. */
  focusFirst(): void {
    (this.#serial ?? this.#code1).input.focus();
  }

  #form(): HTMLFormElement {
    const cancel = this.#options.cancel && h('button', { type: 'button', on: { click: this.#options.cancel } }, 'Cancel');
    const steps = h('ol', { class: 'steps' },
      this.#serial && h('li', { 'data-step': 'serial', class: 'drawn' }, h('div', {}, this.#serial, this.#askWhetherReadable()), backOfToken()),
      this.#serialAgain && h('li', { 'data-step': 'serialAgain' }, this.#serialAgain),
      h('li', { 'data-step': 'code1', class: 'drawn' }, h('div', {}, this.#code1, this.#askForDigits()), this.#serial && frontOfToken()),
      h('li', { 'data-step': 'wait' }, this.#wait()),
      h('li', { 'data-step': 'code2' }, this.#code2),
    );
    const form = h('form', { novalidate: true, method: 'post', autocomplete: 'off' }, steps,
      h('div', { class: 'actions' }, this.#submit, cancel));
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      void busy(this.#submit, () => this.#send());
    });
    return form;
  }

  /** Whoever may not look the device up has to say how long its codes are. */
  #askForDigits(): HTMLElement | undefined {
    if (this.#device || this.#options.lookUp || this.#options.digits?.length === 1) return undefined;
    return h('div', { class: 'choice' }, this.#eightDigits, h('label', { for: this.#eightDigits.id }, 'My device shows 8 digits'));
  }

  #askWhetherReadable(): HTMLElement | undefined {
    if (!this.#options.find) return undefined;
    return h('div', { class: 'choice' }, this.#unreadable, h('label', { for: this.#unreadable.id }, 'I cannot read it: find the device by its codes'));
  }

  #wait(): HTMLElement {
    const period = this.#device?.type === 'TOTP' ? (this.#device.period ?? 30) : 30;
    const text = this.#device?.type === 'HOTP' ? 'Press the button again' : `Wait ${period} seconds while the device refreshes`;
    const button = this.#device ? undefined : h('p', { class: 'hint' }, 'If it shows a new code at each press of its button, press the button again instead.');
    return h('div', {}, h('p', { class: 'wait-title' }, text), h('p', { class: 'wait' }, this.#ring, this.#notice), button);
  }

  #listen(): void {
    this.#serial?.input.addEventListener('change', () => void this.#readSerial());
    this.#unreadable.addEventListener('change', () => {
      if (this.#serial) this.#serial.hidden = this.#unreadable.checked;
      this.#clearErrors();
      this.#show();
    });
    this.#serialAgain?.input.addEventListener('change', () => this.#showMistakeOf('serialAgain'));
    // The field that is left says what is wrong with it: the button would move away from under the pointer before it is released.
    this.#submit.addEventListener('mousedown', (event) => event.preventDefault());
    this.#code1.input.addEventListener('input', (event) => this.#readCode1(event));
    this.#code2.input.addEventListener('input', () => {
      if (this.#code2.isComplete) this.#showMistakeOf('code2');
      this.#show();
    });
  }

  async #readSerial(): Promise<void> {
    this.#showMistakeOf('serial');
    const serial = this.#serial?.value ?? '';
    if (serial === '' || this.#serial?.error !== undefined || !this.#options.lookUp) return;
    const device = await this.#options.lookUp(serial);
    if (serial !== this.#serial?.value) return;
    this.#device = device;
    this.querySelector('[data-step=wait]')?.replaceChildren(this.#wait());
    this.#show();
  }

  /** The last digit leads on to the second code; whoever corrects the first one is left there. */
  #readCode1(event: Event): void {
    this.#code1At = this.#code1.isComplete ? nowInSeconds() : undefined;
    const isTyped = !(event instanceof InputEvent && event.inputType.startsWith('delete'));
    if (isTyped && this.#keyfob && this.#code1.isComplete && this.#code1.value.length === this.#digits) this.#code2.input.focus();
    this.#show();
  }

  get #digits(): number {
    return this.#device?.digits ?? (this.#eightDigits.checked ? 8 : (this.#options.digits?.[0] ?? 6));
  }

  #typed(): Typed {
    return {
      serial: this.#unreadable.checked ? ANY_SERIAL : (this.#serial?.value ?? this.#options.serial ?? ANY_SERIAL),
      serialAgain: this.#serialAgain?.value ?? '',
      code1: this.#code1.value,
      code2: this.#code2.value,
      code1At: this.#code1At,
    };
  }

  #read(): Reading | undefined {
    if (!this.#keyfob) return undefined;
    const kind = { forRoot: this.#serialAgain !== undefined, device: this.#device };
    return readEnrollment(this.#keyfob, this.#typed(), kind, nowInSeconds());
  }

  #field(name: FieldName): Field {
    const fields = { serial: this.#serial, serialAgain: this.#serialAgain, code1: this.#code1, code2: this.#code2 };
    return fields[name] ?? this.#code1;
  }

  #showMistakeOf(name: FieldName): void {
    const field = this.#field(name);
    const mistake = this.#read()?.mistake;
    field.error = mistake?.field === name && field.value !== '' ? mistake.text : undefined;
  }

  /** Shows where the enrollment stands, and ticks while there is something to wait for. */
  #show(): void {
    const step = this.#read()?.step;
    this.#markSteps(step);
    this.#showWait(step);
    clearInterval(this.#ticking);
    if (step?.state === 'wait') this.#ticking = setInterval(() => this.#tick(), 1000);
    if (step?.state !== this.#lastState) this.#announce(step);
    this.#lastState = step?.state;
  }

  #tick(): void {
    if (this.isConnected) this.#show();
  }

  #markSteps(step: EnrollmentStep | undefined): void {
    const order = ['serial-number', 'serial-number-again', 'first-code', 'wait', 'second-code', 'submit'];
    const reached = order.indexOf(step?.state === 'second-code-after-press' ? 'second-code' : (step?.state ?? 'serial-number'));
    const steps = { serial: 0, serialAgain: 1, code1: 2, wait: 3, code2: 4 };
    for (const [name, position] of Object.entries(steps)) {
      this.querySelector(`[data-step=${name}]`)?.classList.toggle('done', position < reached);
    }
  }

  #showWait(step: EnrollmentStep | undefined): void {
    const period = this.#device?.type === 'TOTP' ? (this.#device.period ?? 30) : 30;
    this.#ring.hidden = step?.state !== 'wait';
    this.#ring.show(step?.seconds ?? 0, period);
    this.#notice.textContent = step?.notice ?? '';
    this.#notice.parentElement?.toggleAttribute('hidden', step?.notice === undefined);
  }

  /** Each step is told once; the seconds that run are not. */
  #announce(step: EnrollmentStep | undefined): void {
    const isSecond = step?.notice !== undefined;
    const wasFirst = this.#lastState === 'first-code';
    if (isSecond) this.#status.textContent = `${wasFirst ? 'Code 1 is complete. ' : ''}${step.notice ?? ''}`;
  }

  async #send(): Promise<void> {
    this.#clearErrors();
    const reading = this.#read();
    if (reading?.mistake) return this.#refuse(reading.mistake.field, reading.mistake.text);
    this.#status.textContent = 'Submitting.';
    const found = await this.#find(reading?.submission ?? unread(this.#typed()));
    if (!found.ok) return this.#fail(found.problem);
    const submission = found.value;
    if (!submission) return this.#startCodesAgain('code1', NOT_FOUND);
    const answer = await this.#options.submit(submission);
    if (!answer.ok) return this.#fail(answer.problem);
    this.#status.textContent = '';
    clearInterval(this.#ticking);
    this.#options.done(submission);
  }

  /** The submission with the serial number that its codes belong to, where nobody could read it; `undefined` where that is no one device. */
  async #find(submission: Submission): Promise<Answer<Submission | undefined>> {
    if (!this.#options.find || !this.#unreadable.checked) return accepted(submission);
    const found = await this.#options.find(submission.code1, submission.code2);
    if (!found.ok) return found;
    const [serial, ...others] = found.value;
    return accepted(serial === undefined || others.length > 0 ? undefined : { ...submission, serial });
  }

  #fail(problem: Problem): void {
    this.#status.textContent = '';
    // What never arrived can be sent again.
    if (problem.kind === 'network') return this.#problem.showProblem(problem);
    const { role } = this.#options;
    const isSerialTyped = this.#serial !== undefined && !this.#unreadable.checked;
    const reason = problem.kind === 'refused' ? problem.reason : undefined;
    // To users, a device that is not there and one that is taken are wrong codes.
    if (reason === 'wrong-code' && isSerialTyped && role === 'User') return this.#startCodesAgain('serial', PAIR_REFUSED);
    const field = fieldOf(reason);
    this.#startCodesAgain(field === 'serial' && !isSerialTyped ? 'code1' : field, problemText(problem, role));
    if (!field) this.#problem.showProblem(problem, role);
  }

  /** After a refusal the codes are of no use any more; the serial number stays. */
  #startCodesAgain(field: FieldName | undefined, why: string): void {
    this.#status.textContent = '';
    this.#code1.value = '';
    this.#code2.value = '';
    this.#code1At = undefined;
    this.#show();
    if (field) this.#refuse(field, why);
  }

  #refuse(name: FieldName, text: string): void {
    const field = this.#field(name);
    field.error = text;
    this.#problem.show('problem', this.#options.failure, h('p', {}, text));
    field.input.focus();
  }

  #clearErrors(): void {
    this.#problem.clear();
    for (const field of [this.#serial, this.#serialAgain, this.#code1, this.#code2]) if (field) field.error = undefined;
  }
}

/** Where to look at what the service has refused; nowhere for what no other code would change. */
function fieldOf(reason: Reason | undefined): FieldName | undefined {
  switch (reason) {
    case 'unknown-serial-number':
    case 'taken':
      return 'serial';
    case 'wrong-code':
    case 'already-used':
    case 'malformed-code':
    case 'not-consecutive':
    case 'clock-too-far-off':
      return 'code1';
    case 'same-codes':
      return 'code2';
    default:
      return undefined;
  }
}

customElements.define('keyfob-enrollment-form', EnrollmentForm);
