import type { UserStatus } from '../api';
import { type Child, h } from '../dom';
import { choiceField } from '../elements/choice-field';
import { type Column, DataTable } from '../elements/data-table';
import { Field } from '../elements/field';
import { MessagePlace } from '../elements/message';
import { compactSerial, date, dateTime, masked } from '../format';
import { keepInQuery, pageAddress, queryValue } from '../query';
import { pageHead } from '../shell';
import { userLink } from './inventory';
import { loadUsers } from './lists';

const FILTERS: Readonly<Record<string, string>> = {
  '': 'Everybody',
  with: 'With a device',
  without: 'Without a device',
  required: 'Required, without a device',
  stopped: 'Locked or waiting',
};

/** Everybody whom Keyfob knows: who has devices, and who can't sign in. */
export class UserList extends HTMLElement {
  readonly #search = new Field({ label: 'User name or serial number', attributes: { type: 'search', autocomplete: 'off', value: queryValue('find') } });
  readonly #choice = choiceField('Show', FILTERS, queryValue('show'));
  readonly #table = new DataTable<UserStatus>({ caption: 'Users', noun: 'user', columns: COLUMNS, empty: () => this.#nothing() });
  readonly #problem = new MessagePlace();
  readonly #loading = h('p', { class: 'loading', role: 'status' }, 'Loading …');
  #users: readonly UserStatus[] = [];

  connectedCallback(): void {
    this.classList.add('block');
    if (this.childElementCount > 0) return;
    this.#search.input.addEventListener('input', () => this.#show());
    this.#choice.select.addEventListener('change', () => this.#show());
    this.append(pageHead('Users', 'Who has a device, and who needs help. Choose somebody to manage their devices.'), this.#problem,
      h('search', { class: 'toolbar' }, this.#search, this.#choice.field), this.#loading, this.#table);
    this.#table.hidden = true;
    void this.#load();
  }

  async #load(): Promise<void> {
    const problem = await loadUsers((users, isComplete) => {
      this.#users = [...users];
      this.#loading.textContent = isComplete ? '' : `Loading … ${users.length} so far`;
      this.#table.hidden = false;
      this.#show(true);
    });
    this.#loading.hidden = true;
    if (problem) this.#problem.showProblem(problem);
  }

  #show(keepsPage = false): void {
    const text = this.#search.value.trim().toLowerCase();
    const show = this.#choice.select.value;
    keepInQuery({ find: this.#search.value.trim(), show });
    this.#table.show(this.#users.filter((user) => isShown(user, show) && matches(user, text)), keepsPage);
  }

  /** An account that never had to do with Keyfob is not in the list, but can be managed. */
  #nothing(): Child {
    const name = this.#search.value.trim();
    if (name === '') return h('div', { class: 'empty' }, h('h2', {}, 'Nobody here'), h('p', {}, 'Accounts appear once they have to do with Keyfob. Search for a user name to begin.'));
    return h('div', { class: 'empty' }, h('h2', {}, 'Nobody like this in the list'),
      h('p', {}, 'Accounts that never had a device are not listed, but can have one.'),
      h('a', { class: 'button', href: pageAddress('user', { name }) }, 'Manage ', h('bdi', {}, name)));
  }
}

const COLUMNS: readonly Column<UserStatus>[] = [
  { title: 'User', isName: true, sortBy: ({ UserName }) => UserName, cell: ({ UserName }) => userLink(UserName) },
  { title: 'Devices', sortBy: ({ SerialNumbers }) => SerialNumbers.length, cell: devices },
  { title: 'Sign-in', sortBy: stopOrder, cell: signIn },
  { title: 'Failures', isNumber: true, sortBy: ({ SignIn }) => SignIn.Failures, cell: ({ SignIn }) => SignIn.Failures },
  { title: 'Recovery codes', isNumber: true, sortBy: ({ RecoveryCodesLeft }) => RecoveryCodesLeft ?? 0, cell: ({ RecoveryCodesLeft }) => RecoveryCodesLeft ?? 0 },
  { title: 'Known since', sortBy: ({ Created }) => Created ?? null, cell: ({ Created }) => (Created ? date(Created) : '–') },
];

function devices({ SerialNumbers, IsRequired }: UserStatus): Child {
  if (SerialNumbers.length > 0) {
    return h('div', { class: 'badges' }, SerialNumbers.map((serial) =>
      h('a', { class: 'cell-link serial', href: pageAddress('devices', { serial }), title: serial }, masked(serial))));
  }
  return h('div', { class: 'badges' }, 'None', IsRequired && h('span', { class: 'badge warning' }, 'Required'));
}

function signIn({ SignIn }: UserStatus): Child {
  if (SignIn.Locked) return h('span', { class: 'badge problem' }, 'Locked');
  if (SignIn.ThrottledUntil) return h('span', { class: 'badge warning' }, `Waits until ${dateTime(SignIn.ThrottledUntil)}`);
  return 'Open';
}

function stopOrder({ SignIn }: UserStatus): number {
  return SignIn.Locked ? 0 : SignIn.ThrottledUntil ? 1 : 2;
}

function isShown({ SerialNumbers, IsRequired, SignIn }: UserStatus, show: string): boolean {
  switch (show) {
    case 'with':
      return SerialNumbers.length > 0;
    case 'without':
      return SerialNumbers.length === 0;
    case 'required':
      return IsRequired && SerialNumbers.length === 0;
    case 'stopped':
      return SignIn.Locked || Boolean(SignIn.ThrottledUntil);
    default:
      return true;
  }
}

function matches({ UserName, SerialNumbers }: UserStatus, text: string): boolean {
  return text === '' || UserName.toLowerCase().includes(text) || hasSerial(SerialNumbers, compactSerial(text));
}

function hasSerial(serials: readonly string[], compact: string): boolean {
  return compact !== '' && serials.some((serial) => compactSerial(serial).includes(compact));
}

customElements.define('keyfob-user-list', UserList);
