import { type DeviceWithHistory, type Session, type UserStatus, call } from '../api';
import { deviceKind, deviceName, driftText, parametersOf } from '../devices';
import { type Child, fill, h } from '../dom';
import { Association } from '../elements/association';
import { button } from '../elements/button';
import { ask } from '../elements/dialog';
import { EnrollmentForm } from '../elements/enrollment-form';
import { fact } from '../elements/fact';
import { message } from '../elements/message';
import { date, dateTime, masked, plural } from '../format';

export interface DevicesOptions {
  /** Who looks. */
  readonly session: Session;
  readonly forRoot?: boolean | undefined;
  readonly devices: readonly DeviceWithHistory[];
  readonly status: UserStatus;
  readonly changed: () => Promise<void>;
}

/** A user's devices, and what can be done with each. Their owner sees them, and administrators do. */
export class DevicesSection extends HTMLElement {
  readonly #options: DevicesOptions;

  constructor(options: DevicesOptions) {
    super();
    this.#options = options;
  }

  connectedCallback(): void {
    this.classList.add('block');
    if (this.childElementCount === 0) this.#list();
  }

  #list(isBack = false): void {
    const { devices, forRoot } = this.#options;
    const associate = button(forRoot ? 'Activate MFA' : 'Associate a device', devices.length === 0 ? 'primary' : '', () => this.#associate());
    associate.dataset['associate'] = '';
    const content = devices.length === 0 ? this.#none(associate) : h('ul', { class: 'plain-list' }, devices.map((device) => this.#row(device)));
    this.#show('Devices', devices.length > 0 && associate, this.#warnings(), content);
    // The focus returns to where the wizard was opened.
    if (isBack) associate.focus();
  }

  #none(associate: HTMLElement): HTMLElement {
    const { IsRequired, RequiredFrom } = this.#options.status;
    const required = RequiredFrom && h('p', {}, IsRequired ? 'A device is required.' : `A device is required from ${date(RequiredFrom)} on.`);
    return h('div', { class: 'empty' }, h('h3', {}, 'No device yet'),
      h('p', {}, 'A device shows a code for each sign-in, so that a stolen password alone lets nobody in.'), required, associate);
  }

  #warnings(): Child {
    const { SignIn, RecoveryCodesLeft, UserName } = this.#options.status;
    const isOwn = UserName === this.#options.session.UserName;
    return [
      SignIn.Locked && message('problem', 'This account is locked.', h('p', {}, 'There were too many wrong codes. An administrator has to unlock it.')),
      SignIn.Failures > 0 && !SignIn.Locked && message('warning', `${plural(SignIn.Failures, 'wrong code')} since the last sign-in.`),
      isOwn && this.#options.devices.length > 0 && !RecoveryCodesLeft &&
        message('warning', 'There are no recovery codes.', h('p', {}, 'Make some, below, for the day the device is lost.')),
    ];
  }

  #row(device: DeviceWithHistory): HTMLElement {
    const { SerialNumber, EnableDate, LastUsed } = device;
    const name = `${deviceName(device)} ${masked(SerialNumber)}`;
    return h('li', { class: 'device' },
      h('div', {}, h('h3', {}, deviceName(device), ' ', h('span', { class: 'badge good' }, 'Associated')),
        h('dl', { class: 'facts' },
          fact('Serial Number', h('span', { class: 'serial', title: SerialNumber }, masked(SerialNumber))),
          fact('Type', `${device.IsSoftware ? 'Virtual' : 'Hardware'} ${device.Type}, ${deviceKind(device)}`),
          fact('Associated', date(EnableDate)), fact('Last used', dateTime(LastUsed)), fact('Clock', driftText(device)))),
      h('div', { class: 'actions' },
        labelled(`Resync ${name}`, button('Resync', 'small', () => this.#resync(device))),
        labelled(`Deactivate ${name}`, button('Deactivate', 'danger small', () => this.#deactivate(device)))));
  }

  #associate(): void {
    const { session, forRoot, status, changed } = this.#options;
    const wizard = new Association({
      forRoot: forRoot ?? false,
      userName: status.UserName,
      role: session.Role,
      close: (isAssociated) => (isAssociated ? changed() : this.#list(true)),
    });
    this.#show(forRoot ? 'Activate MFA' : status.UserName === session.UserName ? 'Associate a device' : 'Manage MFA device', undefined, wizard);
  }

  #resync(device: DeviceWithHistory): void {
    const { session, status } = this.#options;
    const form = new EnrollmentForm({
      action: 'Resync',
      failure: 'The device was not resynchronised.',
      serial: device.SerialNumber,
      device: parametersOf(device),
      role: session.Role,
      cancel: () => this.#list(true),
      submit: ({ serial, code1, code2 }) =>
        call('ResyncMFADevice', { UserName: status.UserName, SerialNumber: serial, AuthenticationCode1: code1, AuthenticationCode2: code2 }),
      done: () => void this.#resynchronised(device),
    });
    this.#show(`Resync ${deviceName(device)}`, undefined,
      h('p', { class: 'quiet' }, 'Two codes in a row tell where the device stands: ', h('span', { class: 'serial' }, masked(device.SerialNumber)), '.'), form);
    form.focusFirst();
  }

  async #resynchronised(before: DeviceWithHistory): Promise<void> {
    const answer = await call('GetDevice', { SerialNumber: before.SerialNumber });
    const after = answer.ok ? driftText(answer.value) : 'could not be read';
    const done = message('good', 'The device is in step.',
      h('dl', { class: 'facts' }, fact('Clock before', driftText(before)), fact('Clock after', after)),
      h('p', {}, 'These two codes are used up. Sign in with the next one.'));
    done.setAttribute('role', 'status');
    this.#show(`Resync ${deviceName(before)}`, undefined, done,
      h('div', { class: 'actions' }, button('Close', 'primary', () => this.#options.changed())));
    done.focus();
  }

  async #deactivate(device: DeviceWithHistory): Promise<void> {
    const { session, status, devices, changed } = this.#options;
    const isLast = devices.length === 1;
    const isDone = await ask({
      title: 'Deactivate this device?',
      body: [
        h('dl', { class: 'facts' }, fact('Device', deviceName(device)),
          fact('Serial Number', h('span', { class: 'serial' }, device.SerialNumber)), fact('Owner', h('bdi', {}, status.UserName))),
        h('p', {}, isLast ? 'It is the only one: the password alone will do at the next sign-in, unless a device is required.' : 'The other devices still work.'),
      ],
      action: 'Deactivate',
      isDangerous: true,
      role: session.Role,
      run: () => call('DeactivateMFADevice', { SerialNumber: device.SerialNumber, UserName: status.UserName }),
    });
    if (isDone) await changed();
  }

  #show(title: string, action: Child, ...content: Child[]): void {
    fill(this, h('section', { class: 'card', 'aria-labelledby': 'devices' },
      h('div', { class: 'card-head' }, h('h2', { id: 'devices' }, title), action), content));
  }
}

function labelled(label: string, element: HTMLElement): HTMLElement {
  element.setAttribute('aria-label', label);
  return element;
}

customElements.define('keyfob-devices', DevicesSection);
