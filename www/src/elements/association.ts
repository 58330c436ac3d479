import type { Submission } from '@keyfob/wasm';
import { type Answer, type VirtualMfaDevice, accepted, call } from '../api';
import { parametersOf, suggestSerials } from '../devices';
import { fill, h } from '../dom';
import { compactSerial } from '../format';
import { startKeyfob } from '../keyfob';
import { busy, button, submitButton } from './button';
import { EnrollmentForm, type EnrollmentOptions } from './enrollment-form';
import { Field } from './field';
import { MessagePlace, message } from './message';
import { qrCode } from './qr-code';

export interface AssociationOptions {
  readonly userName: string;
  /** The role of who does it. */
  readonly role: string;
  readonly forRoot?: boolean;
  /** Called when it is over, whether a device was associated or not. */
  readonly close: (isAssociated: boolean) => void;
}

/** The wizard that gives somebody a device: which kind, its serial number or its QR code, two codes, and what comes next. */
export class Association extends HTMLElement {
  readonly #options: AssociationOptions;

  constructor(options: AssociationOptions) {
    super();
    this.#options = options;
  }

  connectedCallback(): void {
    this.classList.add('block');
    if (this.childElementCount === 0) this.#choose();
  }

  #choose(): void {
    const form = h('form', { method: 'post' },
      h('fieldset', { class: 'choices' }, h('legend', {}, 'What kind of device?'),
        choice('hardware', 'Hardware MFA device', 'A key fob or card that shows codes and has a serial number on its back.', true),
        choice('software', 'Virtual MFA device', 'An authenticator app on a telephone or computer.', false)),
      h('div', { class: 'actions' }, submitButton('Continue'), button('Cancel', '', () => this.#options.close(false))));
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      if (new FormData(form).get('kind') === 'software') this.#nameSoftware();
      else this.#hardware();
    });
    this.#show(form);
    form.querySelector<HTMLInputElement>('input:checked')?.focus();
  }

  #hardware(): void {
    const { role, forRoot = false } = this.#options;
    const mayLookUp = role !== 'User';
    this.#showEnrollment({
      forRoot,
      ...(mayLookUp && { lookUp, suggest: (text: string) => suggestSerials(text, 'Unassigned') }),
      ...(!forRoot && { find }),
    });
  }

  #nameSoftware(): void {
    const name = new Field({
      label: 'Device name',
      hint: 'A name that tells you which it is, such as the telephone’s. Letters, digits and _ + = , . @ - are possible.',
      attributes: { autocomplete: 'off', maxlength: 128, required: true },
    });
    const problem = new MessagePlace();
    const submit = submitButton('Continue');
    const form = h('form', { method: 'post', novalidate: true }, problem, name,
      h('div', { class: 'actions' }, submit, button('Back', '', () => this.#choose())));
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      void busy(submit, async () => {
        problem.clear();
        const answer = await call('CreateVirtualMFADevice', { VirtualMFADeviceName: name.value.trim() });
        if (answer.ok) return this.#software(answer.value.VirtualMFADevice);
        problem.showProblem(answer.problem, this.#options.role);
        name.input.focus();
      });
    });
    this.#show(form);
    name.input.focus();
  }

  /** The one page that shows a secret: to the person who has just made it. */
  async #software({ SerialNumber, Base32StringSeed }: VirtualMfaDevice): Promise<void> {
    const secret = atob(Base32StringSeed);
    const keyfob = await startKeyfob();
    const uri = keyfob?.otpauthUri({ type: 'TOTP', secret, account: this.#options.userName, issuer: 'Keyfob' });
    const drawn = uri === undefined ? undefined : await qrCode(uri, 'QR code with the secret of the new device');
    const discard = (): void => {
      void call('DeleteVirtualMFADevice', { SerialNumber });
      this.#options.close(false);
    };
    this.#showEnrollment({ serial: SerialNumber, device: { type: 'TOTP', digits: 6, period: 30 }, cancel: discard },
      secretCard(secret, drawn));
  }

  #showEnrollment(options: Partial<EnrollmentOptions>, ...before: Node[]): void {
    const { userName, role, forRoot = false } = this.#options;
    const form = new EnrollmentForm({
      action: forRoot ? 'Activate Authentication Device' : 'Associate MFA',
      failure: 'The device was not associated.',
      role,
      cancel: () => this.#options.close(false),
      submit: (submission) => associate(userName, submission),
      done: ({ serial }) => void this.#done(serial),
      ...options,
    });
    this.#show(...before, form);
    form.focusFirst();
  }

  async #done(typed: string): Promise<void> {
    const serial = (await serialOf(this.#options.userName, typed)) ?? typed;
    const close = button('Close', 'primary', () => this.#options.close(true));
    const done = message('good', 'The device is associated.',
      h('p', {}, 'Device ', h('span', { class: 'serial' }, serial), ' now belongs to ', h('strong', { dir: 'auto' }, this.#options.userName), '.'),
      h('p', {}, 'From the next sign-in on, a code is asked for. These two codes are used up: wait for the next one.'));
    done.setAttribute('role', 'status');
    this.#show(done, h('div', { class: 'actions' }, close));
    close.focus();
  }

  #show(...content: Node[]): void {
    fill(this, ...content);
  }
}

/** A lost answer and a second try: whoever has the device by now was successful the first time. */
async function associate(userName: string, { serial, code1, code2 }: Submission): Promise<Answer<unknown>> {
  const answer = await call('EnableMFADevice', {
    UserName: userName,
    SerialNumber: serial,
    AuthenticationCode1: code1,
    AuthenticationCode2: code2,
  });
  if (answer.ok || answer.problem.kind !== 'network') return answer;
  return (await serialOf(userName, serial)) === undefined ? answer : accepted({});
}

/** The serial number of a user's device as the device has it, however it was typed. */
async function serialOf(userName: string, typed: string): Promise<string | undefined> {
  const listed = await call('ListMFADevices', { UserName: userName });
  const serials = listed.ok ? listed.value.MFADevices.map(({ SerialNumber }) => SerialNumber) : [];
  return serials.find((serial) => serial === typed) ?? serials.find((serial) => compactSerial(serial) === compactSerial(typed));
}

async function lookUp(serial: string): Promise<ReturnType<typeof parametersOf> | undefined> {
  const answer = await call('GetDevice', { SerialNumber: serial });
  return answer.ok ? parametersOf(answer.value) : undefined;
}

async function find(code1: string, code2: string): Promise<Answer<readonly string[]>> {
  const answer = await call('FindDevice', { AuthenticationCode1: code1, AuthenticationCode2: code2 });
  if (answer.ok) return accepted(answer.value.SerialNumbers);
  // Users who find nothing have typed wrong codes, as the service counts it.
  return answer.problem.kind === 'refused' && answer.problem.reason === 'wrong-code' ? accepted([]) : answer;
}

function choice(value: string, label: string, hint: string, isChecked: boolean): HTMLElement {
  const id = `kind-${value}`;
  const input = h('input', { type: 'radio', name: 'kind', id, value, checked: isChecked, 'aria-describedby': `${id}-hint` });
  return h('div', { class: 'choice' }, input, h('div', {}, h('label', { for: id }, label), h('p', { class: 'hint', id: `${id}-hint` }, hint)));
}

function secretCard(secret: string, drawn: SVGElement | undefined): HTMLElement {
  const text = h('code', { class: 'secret' }, secret.replace(/(.{4})(?=.)/g, '$1 '));
  return h('div', { class: 'secret-card' }, drawn,
    h('div', { class: 'stack' }, h('h3', {}, 'Scan this with your authenticator app'),
      h('p', { class: 'quiet' }, 'Or type the secret key into it. It is shown now and never again.'), h('p', {}, text)));
}

customElements.define('keyfob-association', Association);
