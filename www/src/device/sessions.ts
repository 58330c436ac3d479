import { type Session, type SessionEntry, call } from '../api';
import { type Child, fill, h } from '../dom';
import { ask } from '../elements/dialog';
import { button } from '../elements/button';
import { dateTime, relative } from '../format';
import { problemText } from '../messages';

/** Where a user is signed in, and the end of it. */
export async function sessionsSection({ UserName }: Session, userName = UserName): Promise<HTMLElement> {
  const list = h('div', {});
  await show(list, userName);
  const title = userName === UserName ? 'Where you are signed in' : 'Where this user is signed in';
  return h('section', { class: 'card', 'aria-labelledby': 'sessions' }, h('h2', { id: 'sessions', tabindex: '-1' }, title), list);
}

async function show(list: HTMLElement, userName: string): Promise<void> {
  const answer = await call('ListSessions', { UserName: userName });
  const content: Child = answer.ok ? entries(answer.value.Sessions, userName, () => show(list, userName)) : h('p', { role: 'alert' }, problemText(answer.problem));
  fill(list, content);
}

function entries(sessions: readonly SessionEntry[], userName: string, changed: () => Promise<void>): HTMLElement {
  if (sessions.length === 0) return h('p', { class: 'quiet' }, 'Nowhere.');
  return h('ul', { class: 'plain-list' }, sessions.map((entry) => row(entry, userName, changed)));
}

function row(entry: SessionEntry, userName: string, changed: () => Promise<void>): HTMLElement {
  const place = entry.Remote ?? 'unknown address';
  const how = entry.WithCode ? 'with a code' : 'without a code';
  const end = button('End', 'small', async () => {
    const isDone = await ask({
      title: 'End this session?',
      body: h('p', {}, h('strong', { dir: 'auto' }, userName), ` has to sign in again from ${place}.`),
      action: 'End session',
      run: () => call('EndSession', { SessionId: entry.SessionId, UserName: userName }),
    });
    if (!isDone) return;
    await changed();
    document.getElementById('sessions')?.focus();
  });
  end.setAttribute('aria-label', `End the session from ${place} of ${dateTime(entry.Created)}`);
  return h('li', { class: 'row' },
    h('div', {}, h('p', {}, place), h('p', { class: 'hint' }, `Since ${dateTime(entry.Created)}, ${how}; last used ${relative(entry.LastUsed)}`)),
    entry.IsCurrent ? h('span', { class: 'badge good' }, 'This one') : end);
}
