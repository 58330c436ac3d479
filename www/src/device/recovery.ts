import type { UserStatus } from '../api';
import { h } from '../dom';
import { button } from '../elements/button';
import { makeRecoveryCodes } from '../elements/recovery-codes';
import { plural } from '../format';

/** How many recovery codes are left, and new ones. */
export function recoverySection(userName: string, status: UserStatus, changed: () => Promise<void>): HTMLElement {
  const left = status.RecoveryCodesLeft ?? 0;
  const make = button(left === 0 ? 'Make recovery codes' : 'Make new ones', '', async () => {
    if (await makeRecoveryCodes(userName, left > 0)) await changed();
  });
  return h('section', { class: 'card', 'aria-labelledby': 'recovery' },
    h('h2', { id: 'recovery' }, 'Recovery codes'),
    h('p', {}, left === 0 ? 'You have none. Make some for the day your device is lost or broken.' : `${plural(left, 'code')} left. Each lets you in once without your device.`),
    h('div', { class: 'actions' }, make));
}
