import type { UserStatus } from '../api';
import { now } from '../clock';
import { type Child, h } from '../dom';
import { button } from '../elements/button';
import { choiceField } from '../elements/choice-field';
import { type Column, DataTable } from '../elements/data-table';
import { fact } from '../elements/fact';
import { message } from '../elements/message';
import { date, plural } from '../format';
import { keepInQuery, queryValue } from '../query';
import { pageHead, problemCard } from '../shell';
import { downloadTable } from './download';
import { userLink } from './inventory';
import { loadUsers } from './lists';
import { type Policy, loadPolicy } from './policy';

/** Of whom a device is required, from when on, and who has none yet. */
export async function requiredPage(): Promise<Child> {
  let users: readonly UserStatus[] = [];
  const [policy, problem] = await Promise.all([loadPolicy(), loadUsers((seen) => (users = [...seen]))]);
  const head = pageHead('No device yet', 'Who has to sign in with a code, and has no device yet.');
  if (!policy.ok) return [head, problemCard(policy.problem)];
  if (problem) return [head, problemCard(problem)];
  // From a day on that may be still to come.
  const required = users.filter(({ RequiredFrom }) => RequiredFrom);
  const missing = required.filter(({ SerialNumbers }) => SerialNumbers.length === 0);
  return [head, h('div', { class: 'stack' }, rule(policy.value), summary(policy.value, required, missing), list(missing, required.length))];
}

function rule(policy: Policy): HTMLElement {
  const { required, requiredFrom, exemptGroup } = policy;
  const group = /^group:(.+)$/.exec(required)?.[1];
  const whom = group === undefined ? (required === 'everybody' ? 'Everybody' : 'Nobody') : ['Members of the group ', h('bdi', {}, group)];
  return h('section', { class: 'card', 'aria-labelledby': 'rule' }, h('h2', { id: 'rule' }, 'The rule'),
    h('dl', { class: 'facts' },
      fact('A device is required of', whom),
      required !== 'nobody' && fact('From', fromText(requiredFrom)),
      exemptGroup !== null && fact('Except', ['members of the group ', h('bdi', {}, exemptGroup)])),
    h('p', { class: 'hint' }, 'Whoever has a device is asked for its code in any case. The rule stands in keyfob.toml, under [sign_in], and is changed there.'));
}

function fromText(from: string | null): string {
  if (from === null || Date.parse(from) <= 0) return 'now on';
  return Date.parse(from) > now() ? `${date(from)} (until then the password alone lets them in)` : `${date(from)}, in force`;
}

function summary({ required }: Policy, all: readonly UserStatus[], missing: readonly UserStatus[]): HTMLElement | false {
  if (required === 'nobody') return false;
  const done = all.length - missing.length;
  const id = 'required-done';
  return h('section', { class: 'card', 'aria-labelledby': id }, h('h2', { id }, `${done} of ${plural(all.length, 'user')} have a device`),
    h('progress', { max: Math.max(1, all.length), value: done, 'aria-labelledby': id }));
}

function list(missing: readonly UserStatus[], all: number): Child {
  if (all === 0) return message('neutral', 'No device is required of anybody that Keyfob knows.');
  if (missing.length === 0) return message('good', 'Everybody who needs a device has one.');
  const table = new DataTable<UserStatus>({ caption: 'Who has no device yet', noun: 'user', columns: COLUMNS, empty: () => h('p', {}, 'Nobody of this group.') });
  const { field, select } = choiceField('Group', groupChoices(missing), queryValue('group'));
  const shown = (): readonly UserStatus[] => missing.filter((user) => select.value === '' || groups(user).includes(select.value));
  select.addEventListener('change', () => {
    keepInQuery({ group: select.value });
    table.show(shown());
  });
  table.show(shown());
  const save = button('Save as CSV', 'small', () =>
    downloadTable('without-device.csv', ['user', 'groups', 'required from'], shown().map((user) => [user.UserName, groups(user).join(' '), user.RequiredFrom ?? ''])));
  return h('section', { 'aria-labelledby': 'missing' }, h('div', { class: 'card-head' }, h('h2', { id: 'missing' }, 'Who still needs one'), save),
    h('search', { class: 'toolbar' }, field), table);
}

/** Each group of those who have no device, with how many they are. */
function groupChoices(missing: readonly UserStatus[]): Readonly<Record<string, string>> {
  const names = [...new Set(missing.flatMap(groups))].sort();
  const counted = names.map((name) => [name, `${name} (${missing.filter((user) => groups(user).includes(name)).length})`]);
  return { '': 'All groups', ...Object.fromEntries(counted) as Record<string, string> };
}

function groups({ Groups }: UserStatus): readonly string[] {
  return Groups ?? [];
}

const COLUMNS: readonly Column<UserStatus>[] = [
  { title: 'User', isName: true, sortBy: ({ UserName }) => UserName, cell: ({ UserName }) => userLink(UserName) },
  { title: 'Groups', sortBy: (user) => groups(user).join(' '), cell: (user) => h('bdi', {}, groups(user).join(', ') || '–') },
  { title: 'Required from', sortBy: ({ RequiredFrom }) => RequiredFrom ?? '', cell: ({ RequiredFrom }) => requiredFrom(RequiredFrom ?? null) },
  { title: 'Can sign in', sortBy: (user) => canSignIn(user), cell: (user) => canSignInBadge(user) },
];

function requiredFrom(from: string | null): string {
  return from === null || Date.parse(from) <= 0 ? 'now on' : date(from);
}

function canSignIn({ RequiredFrom, RecoveryCodesLeft }: UserStatus): string {
  if (RequiredFrom && Date.parse(RequiredFrom) > now()) return `until ${date(RequiredFrom)}`;
  return (RecoveryCodesLeft ?? 0) > 0 ? 'by recovery code' : 'no';
}

function canSignInBadge(user: UserStatus): Child {
  const text = canSignIn(user);
  return text === 'no' ? h('span', { class: 'badge problem' }, 'Kept out') : text.charAt(0).toUpperCase() + text.slice(1);
}
