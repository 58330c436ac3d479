import { type Event, call } from '../api';
import { type Child, h } from '../dom';
import { doorName, eventOutcome, eventTitle } from '../events';
import { type Cell, tableFrame, tableRow } from '../elements/table';
import { dateTime } from '../format';
import { problemText } from '../messages';
import { pageAddress } from '../query';
import { userLink } from './inventory';

const SHOWN = 20;

/** What was done with a device or an account lately, and the way to all of it. */
export async function eventsSection(filter: { readonly SerialNumber: string }): Promise<HTMLElement> {
  const answer = await call('ListEvents', { ...filter, MaxItems: SHOWN });
  const content = answer.ok ? eventTable(answer.value.Events, 'What was done with this device', { ofOneDevice: true }) : h('p', { role: 'alert' }, problemText(answer.problem));
  return h('section', { class: 'card', 'aria-labelledby': 'events' },
    h('div', { class: 'card-head' }, h('h2', { id: 'events' }, 'What happened lately'), h('a', { href: pageAddress('log', { serial: filter.SerialNumber }) }, 'All of it in the log')),
    content);
}

/** Audit events, newest first. */
export function eventTable(events: readonly Event[], caption: string, { ofOneDevice = false } = {}): Child {
  if (events.length === 0) return h('p', { class: 'quiet' }, 'Nothing yet.');
  const rows = events.map((event) => cells(event, ofOneDevice));
  const heads = rows[0]?.map(({ title }) => h('th', { scope: 'col' }, title)) ?? [];
  return tableFrame(caption, heads, h('tbody', {}, rows.map(tableRow)));
}

function cells(event: Event, ofOneDevice: boolean): Cell[] {
  const { Time, UserName, SerialNumber } = event;
  const serial = SerialNumber ? h('a', { class: 'cell-link serial', href: pageAddress('devices', { serial: SerialNumber }) }, SerialNumber) : '–';
  return [
    { title: 'Time', content: h('time', { datetime: Time }, dateTime(Time)), isShort: true },
    { title: 'What', content: [eventTitle(event), ' ', eventOutcome(event)] },
    { title: 'User', content: userLink(UserName) },
    ...(ofOneDevice ? [] : [{ title: 'Serial number', content: serial }]),
    { title: 'Where', content: where(event) },
  ];
}

/** `sudo, from 192.0.2.7`. */
function where({ Door, Remote }: Event): Child {
  const parts = [Door && h('bdi', {}, doorName(Door)), Remote && ['from ', h('bdi', {}, Remote)]].filter(Boolean);
  return parts.length === 0 ? '–' : parts.flatMap((part, index) => (index === 0 ? [part] : [' ', part])) as Child;
}
