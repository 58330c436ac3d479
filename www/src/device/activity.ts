import { type Event, call } from '../api';
import { h } from '../dom';
import { doorName, eventOutcome, eventTitle } from '../events';
import { dateTime, masked } from '../format';
import { problemText } from '../messages';

const SHOWN = 8;

/** What happened to this account lately. */
export async function activitySection(userName: string): Promise<HTMLElement> {
  const answer = await call('ListEvents', { UserName: userName, MaxItems: SHOWN });
  const content = answer.ok ? list(answer.value.Events) : h('p', { role: 'alert' }, problemText(answer.problem));
  return h('section', { class: 'card', 'aria-labelledby': 'activity' }, h('h2', { id: 'activity' }, 'What happened lately'), content);
}

function list(events: readonly Event[]): HTMLElement {
  if (events.length === 0) return h('p', { class: 'quiet' }, 'Nothing yet.');
  return h('ul', { class: 'plain-list' }, events.slice(0, SHOWN).map(row));
}

function row(event: Event): HTMLElement {
  const where = [event.SerialNumber && masked(event.SerialNumber), event.Door && doorName(event.Door), event.Remote].filter(Boolean).join(' · ');
  return h('li', { class: 'row' },
    h('div', {}, h('p', {}, eventTitle(event), ' ', eventOutcome(event)), where !== '' && h('p', { class: 'hint' }, where)),
    h('time', { class: 'quiet', datetime: event.Time }, dateTime(event.Time)));
}
