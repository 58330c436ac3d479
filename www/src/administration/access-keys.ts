import { type AccessKey, call } from '../api';
import { type Child, h } from '../dom';
import { type Column, DataTable } from '../elements/data-table';
import { dateTime } from '../format';
import { pageHead, problemCard } from '../shell';
import { userLink } from './inventory';

/** Which programs may act for whom, and how they get their keys. */
export async function accessKeysPage(): Promise<Child> {
  const answer = await call('ListAccessKeys', {});
  const head = pageHead('Access keys', 'Programs sign their requests with an access key: the AWS command line and AWS’s libraries work with it as they are.');
  return [head, h('div', { class: 'stack' }, answer.ok ? list(answer.value.AccessKeys) : problemCard(answer.problem), how())];
}

function list(keys: readonly AccessKey[]): HTMLElement {
  const table = new DataTable<AccessKey>({ caption: 'Access keys', noun: 'access key', columns: COLUMNS, empty: none });
  table.show(keys);
  return table;
}

const COLUMNS: readonly Column<AccessKey>[] = [
  { title: 'Access key', isName: true, sortBy: ({ AccessKeyId }) => AccessKeyId, cell: ({ AccessKeyId }) => h('code', {}, AccessKeyId) },
  { title: 'Acts for', sortBy: ({ UserName }) => UserName, cell: ({ UserName }) => userLink(UserName) },
  { title: 'Made', sortBy: ({ Created }) => Created, cell: ({ Created }) => h('time', { datetime: Created }, dateTime(Created)) },
];

function none(): Child {
  return h('div', { class: 'empty' }, h('h2', {}, 'No access keys'), h('p', {}, 'No program acts for anybody here.'));
}

function how(): HTMLElement {
  return h('section', { class: 'card', 'aria-labelledby': 'how' }, h('h2', { id: 'how' }, 'How to make one'),
    h('p', {}, 'On the machine that runs Keyfob, as root. Its secret is shown once:'),
    h('pre', { tabindex: '0' }, h('code', {}, 'keyfob access-key create --user alice')),
    h('p', {}, 'What is not needed any more is deleted there, too. From then on what it signs is refused:'),
    h('pre', { tabindex: '0' }, h('code', {}, 'keyfob access-key delete AKIA…')));
}
