import { type Throttle, type UserStatus, call } from '../api';
import { type Child, h } from '../dom';
import { button } from '../elements/button';
import { ask } from '../elements/dialog';
import { dateTime, plural } from '../format';

/** Wrong tries of an account, and what lets it try again. For administrators. */
export function throttleSection(status: UserStatus, changed: () => Promise<void>): HTMLElement {
  const { UserName, SignIn, Association } = status;
  const unlock = button('Unlock', '', async () => {
    const isDone = await ask({
      title: 'Unlock this account?',
      body: h('p', {}, 'All wrong tries of ', h('strong', { dir: 'auto' }, UserName), ' are forgotten. Make sure first that it was not somebody else who tried.'),
      action: 'Unlock',
      run: () => call('UnlockUser', { UserName }),
    });
    if (isDone) await changed();
  });
  const hasFailures = SignIn.Failures > 0 || Association.Failures > 0;
  return h('section', { class: 'card', 'aria-labelledby': 'tries' }, h('h2', { id: 'tries' }, 'Wrong tries'),
    h('dl', { class: 'facts' }, entry('Sign-in', SignIn), entry('Association, resync', Association)),
    hasFailures && h('div', { class: 'actions' }, unlock));
}

function entry(name: string, { Failures, ThrottledUntil, Locked }: Throttle): Child {
  const state = Locked
    ? h('span', { class: 'badge problem' }, 'Locked')
    : ThrottledUntil && h('span', { class: 'badge warning' }, `Waits until ${dateTime(ThrottledUntil)}`);
  return [h('dt', {}, name), h('dd', {}, Failures === 0 ? 'None' : plural(Failures, 'failure'), ' ', state)];
}
