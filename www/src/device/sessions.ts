import { type Session, type SessionEntry, call } from '../api';
import { type Child, fill, h } from '../dom';
import { ask } from '../elements/dialog';
import { button } from '../elements/button';
import { dateTime, relative } from '../format';
import { problemText } from '../messages';

/** Where this account is signed in, and the end of it. */
export async function sessionsSection(session: Session): Promise<HTMLElement> {
  const list = h('div', {});
  await show(list, session);
  return h('section', { class: 'card', 'aria-labelledby': 'sessions' }, h('h2', { id: 'sessions' }, 'Where you are signed in'), list);
}

async function show(list: HTMLElement, session: Session): Promise<void> {
  const answer = await call('ListSessions', {});
  const content: Child = answer.ok
    ? h('ul', { class: 'plain-list' }, answer.value.Sessions.map((entry) => row(entry, () => show(list, session))))
    : h('p', { role: 'alert' }, problemText(answer.problem));
  fill(list, content);
}

function row(entry: SessionEntry, changed: () => Promise<void>): HTMLElement {
  const place = entry.Remote ?? 'unknown address';
  const how = entry.WithCode ? 'with a code' : 'without a code';
  const end = button('End', 'small', async () => {
    const isDone = await ask({
      title: 'End this session?',
      body: h('p', {}, `Whoever is signed in from ${place} has to sign in again.`),
      action: 'End session',
      run: () => call('EndSession', { SessionId: entry.SessionId }),
    });
    if (isDone) await changed();
  });
  end.setAttribute('aria-label', `End the session from ${place} of ${dateTime(entry.Created)}`);
  return h('li', { class: 'row' },
    h('div', {}, h('p', {}, place), h('p', { class: 'hint' }, `Since ${dateTime(entry.Created)}, ${how}; last used ${relative(entry.LastUsed)}`)),
    entry.IsCurrent ? h('span', { class: 'badge good' }, 'This one') : end);
}
