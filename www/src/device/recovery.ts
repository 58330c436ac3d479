import type { UserStatus } from '../api';
import { h } from '../dom';
import { button } from '../elements/button';
import { makeRecoveryCodes } from '../elements/recovery-codes';
import { plural } from '../format';

/** How many recovery codes are left, and new ones. */
export function recoverySection(userName: string, status: UserStatus, changed: () => Promise<void>): HTMLElement {
  const left = status.RecoveryCodesLeft ?? 0;
  const hasDevice = status.SerialNumbers.length > 0;
  const make = button(left === 0 ? 'Make recovery codes' : 'Make new ones', '', async () => {
    if (await makeRecoveryCodes(userName, left > 0)) await changed();
  });
  return h('section', { class: 'card', 'aria-labelledby': 'recovery' },
    h('h2', { id: 'recovery' }, 'Recovery codes'),
    h('p', {}, hasDevice ? howMany(left) : 'They stand in for a device on the day it is lost or broken. Associate one first.'),
    hasDevice && h('div', { class: 'actions' }, make));
}

function howMany(left: number): string {
  if (left === 0) return 'There are none. Make some for the day the device is lost or broken.';
  return `${plural(left, 'code')} left. Each signs in once without the device.`;
}
