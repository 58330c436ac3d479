import type { Device, UserStatus } from '../api';
import { now } from '../clock';
import { deviceName, driftText } from '../devices';
import { type Child, h } from '../dom';
import { button } from '../elements/button';
import { choiceField } from '../elements/choice-field';
import { type Column, DataTable } from '../elements/data-table';
import { Field } from '../elements/field';
import { MessagePlace } from '../elements/message';
import { compactSerial, date, masked, plural, relative, softwareName } from '../format';
import { keepInQuery, pageAddress, queryValue } from '../query';
import { pageHead } from '../shell';
import { findByCodes } from './find-by-codes';
import { type Forgotten, forgetAll } from './forget';
import { type Concern, concerns } from './health';
import { loadDevices, loadUsers } from './lists';
import { DEFAULT_POLICY, type Policy, loadPolicy } from './policy';

/** A device and what belongs to it. */
interface Row {
  readonly device: Device;
  readonly concerns: readonly Concern[];
  /** Its owner's wrong codes since the last sign-in. */
  readonly failures: number | null;
}

const FILTERS: Readonly<Record<string, string>> = {
  '': 'All devices',
  free: 'Nobody has it',
  associated: 'Associated',
  leaving: 'About to leave the window',
  expiring: 'About to expire, or expired',
  old: 'Old: four years and more',
  failures: 'Wrong codes lately',
  unused: 'Associated, never used',
  software: 'Virtual',
};

/** All devices: who has them, how their clocks stand, and which are worth a look. */
export class Inventory extends HTMLElement {
  readonly #search = new Field({
    label: 'Serial number, user, maker or model',
    attributes: { type: 'search', autocomplete: 'off', value: queryValue('find') },
  });
  readonly #choice = choiceField('Show', FILTERS, queryValue('show'));
  readonly #table = new DataTable<Row>({ caption: 'Devices', noun: 'device', columns: COLUMNS, empty: () => this.#nothing() });
  readonly #problem = new MessagePlace();
  /** Forgets what is listed, where nobody has any of it. */
  readonly #forget = button('', 'danger', () => this.#forgetListed());
  readonly #loading = h('p', { class: 'loading', role: 'status' }, 'Loading …');
  #devices: readonly Device[] = [];
  #failures: ReadonlyMap<string, number> = new Map();
  #policy: Policy = DEFAULT_POLICY;
  #rows: readonly Row[] = [];
  #listed: readonly Device[] = [];

  connectedCallback(): void {
    this.classList.add('block');
    if (this.childElementCount > 0) return;
    this.#search.input.addEventListener('input', () => this.#show());
    this.#choice.select.addEventListener('change', () => this.#show());
    this.append(
      pageHead('Devices', 'Every token and authenticator app that Keyfob knows.',
        h('div', { class: 'actions' }, button('Find by its codes', '', findByCodes), h('a', { class: 'button primary', href: '/import' }, 'Import'))),
      this.#problem, h('search', { class: 'toolbar' }, this.#search, this.#choice.field, this.#forget), this.#loading, this.#table);
    this.#table.hidden = true;
    void this.#load();
  }

  async #load(): Promise<void> {
    const [policy] = await Promise.all([loadPolicy(), this.#loadDevices(), this.#loadFailures()]);
    if (policy.ok) this.#policy = policy.value;
    this.#reckon();
  }

  async #loadDevices(): Promise<void> {
    const problem = await loadDevices((devices, isComplete) => {
      this.#devices = [...devices];
      this.#loading.textContent = isComplete ? '' : `Loading … ${devices.length} so far`;
      this.#table.hidden = false;
      this.#reckon();
    });
    this.#loading.hidden = true;
    if (problem) this.#problem.showProblem(problem);
  }

  /** A column of its own fails alone. */
  async #loadFailures(): Promise<void> {
    await loadUsers((users) => (this.#failures = new Map(users.map(({ UserName, SignIn }: UserStatus) => [UserName, SignIn.Failures]))));
  }

  #reckon(): void {
    const time = now();
    this.#rows = this.#devices.map((device) => ({
      device,
      concerns: concerns(device, this.#policy, time),
      failures: this.#failures.get(device.UserName ?? '') ?? null,
    }));
    this.#show(true);
  }

  #show(keepsPage = false): void {
    const text = this.#search.value.trim().toLowerCase();
    const show = this.#choice.select.value;
    keepInQuery({ find: this.#search.value.trim(), show });
    const compact = compactSerial(text);
    const rows = this.#rows.filter((row) => isShown(row, show) && (text === '' || matches(row.device, text, compact)));
    this.#table.show(rows, keepsPage);
    this.#listed = rows.map(({ device }) => device);
    this.#forget.hidden = show !== 'free' || rows.length === 0;
    this.#forget.textContent = `Forget ${rows.length === 1 ? 'it' : `all ${plural(rows.length, 'device')}`}`;
  }

  async #forgetListed(): Promise<void> {
    const forgotten = await forgetAll(this.#listed);
    if (!forgotten) return;
    await this.#loadDevices();
    this.#tellForgotten(forgotten);
  }

  #tellForgotten({ count, kept }: Forgotten): void {
    const left = kept > 0 && h('p', {}, `${plural(kept, 'device')} stayed: somebody has got ${kept === 1 ? 'it' : 'them'} meanwhile.`);
    this.#problem.show(kept > 0 ? 'warning' : 'good', `${plural(count, 'device')} ${count === 1 ? 'is' : 'are'} forgotten.`, left);
    this.#search.input.focus();
  }

  #nothing(): Child {
    if (this.#devices.length > 0) return h('div', { class: 'empty' }, h('h2', {}, 'No device like this'), h('p', {}, 'Change the search or what is shown.'));
    return h('div', { class: 'empty' }, h('h2', {}, 'No devices yet'),
      h('p', {}, 'Import the seed file that came with your tokens: then they can be given to people.'),
      h('a', { class: 'button primary', href: '/import' }, 'Import devices'));
  }
}

const COLUMNS: readonly Column<Row>[] = [
  { title: 'Device', isName: true, sortBy: ({ device }) => device.SerialNumber, cell: ({ device }) => deviceLink(device) },
  { title: 'User', sortBy: ({ device }) => device.UserName ?? null, cell: ({ device }) => userLink(device.UserName) },
  { title: 'Type', isShort: true, sortBy: ({ device }) => kind(device), cell: ({ device }) => kind(device) },
  { title: 'Status', sortBy: (row) => statusOrder(row), cell: (row) => h('div', { class: 'badges' }, badges(row)) },
  { title: 'Clock', isNumber: true, isShort: true, sortBy: ({ device }) => driftOrder(device), cell: ({ device }) => drift(device) },
  { title: 'Last used', isShort: true, sortBy: ({ device }) => lastUsed(device), cell: ({ device }) => lastUsedText(device) },
  { title: 'Failures', isNumber: true, sortBy: ({ failures }) => failures, cell: ({ failures }) => failures ?? '–' },
];

/** A device's name and masked serial number, leading to its page. */
function deviceLink(device: Device): Child {
  const { SerialNumber } = device;
  // A virtual device's name is what its serial number ends with: said once.
  const serial = softwareName(SerialNumber) === undefined && h('span', { class: 'serial' }, masked(SerialNumber));
  return h('a', { class: 'cell-link', href: pageAddress('devices', { serial: SerialNumber }), title: SerialNumber }, h('bdi', {}, deviceName(device)), serial);
}

/** A user's name, leading to the user's page. */
export function userLink(userName: string | null | undefined): Child {
  if (!userName) return '–';
  return h('a', { class: 'cell-link', href: pageAddress('user', { name: userName }) }, h('bdi', {}, userName));
}

function kind({ IsSoftware, Type, Digits }: Device): string {
  return `${IsSoftware ? 'Virtual ' : ''}${Type}, ${Digits} digits`;
}

function badges({ device, concerns }: Row): Child {
  const state = device.UserName ? h('span', { class: 'badge good' }, 'Associated') : h('span', { class: 'badge' }, 'Nobody has it');
  return [state, concerns.map(({ label, text }) => h('span', { class: 'badge warning', title: text }, label))];
}

function statusOrder({ device, concerns }: Row): number {
  return (device.UserName ? 5 : 10) - concerns.length;
}

function drift(device: Device): string {
  return device.Type === 'HOTP' ? '–' : driftText(device);
}

function driftOrder({ Type, DriftSeconds, Drift }: Device): number | null {
  return Type === 'HOTP' ? null : (DriftSeconds ?? Drift ?? null);
}

function lastUsed({ LastUsed }: Device): number | null {
  return LastUsed ? Date.parse(LastUsed) : null;
}

function lastUsedText({ LastUsed }: Device): Child {
  return LastUsed ? h('time', { datetime: LastUsed, title: date(LastUsed) }, relative(LastUsed)) : 'never';
}

function isShown({ device, concerns, failures }: Row, show: string): boolean {
  switch (show) {
    case 'free':
      return !device.UserName;
    case 'associated':
      return Boolean(device.UserName);
    case 'leaving':
    case 'expiring':
    case 'old':
      return concerns.some(({ kind }) => kind === show);
    case 'failures':
      return (failures ?? 0) > 0;
    case 'unused':
      return Boolean(device.UserName) && !device.LastUsed;
    case 'software':
      return device.IsSoftware;
    default:
      return true;
  }
}

function matches(device: Device, text: string, compact: string): boolean {
  const { SerialNumber, UserName } = device;
  const words = `${UserName ?? ''} ${deviceName(device)}`.toLowerCase();
  return words.includes(text) || (compact !== '' && compactSerial(SerialNumber).includes(compact));
}

customElements.define('keyfob-inventory', Inventory);
