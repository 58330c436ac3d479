import type { Event } from './api';
import { h } from './dom';

/** What each act is called. */
const ACTS: Readonly<Record<string, string>> = {
  'sign-in': 'Sign-in',
  'import-device': 'Device imported',
  'remove-device': 'Device deleted',
  associate: 'Device associated',
  resync: 'Device resynchronised',
  deactivate: 'Device deactivated',
  'add-user': 'User made known',
  'remove-user': 'User removed',
  'unlock-user': 'User unlocked',
  'create-recovery-codes': 'Recovery codes made',
  'create-access-key': 'Access key made',
  'delete-access-key': 'Access key deleted',
  'create-software-device': 'Virtual device made',
  'tag-device': 'Device tagged',
  'untag-device': 'Tag removed from a device',
  'end-session': 'Session ended',
};

/** The words for an act, or the act's own name in words. */
export function eventTitle({ Act }: Event): string {
  return ACTS[Act] ?? (Act.charAt(0).toUpperCase() + Act.slice(1)).replaceAll('-', ' ');
}

/** A badge for what did not succeed; success needs none. */
export function eventOutcome({ Outcome, Reason }: Event): HTMLElement | undefined {
  if (Outcome === 'done') return undefined;
  return h('span', { class: 'badge problem' }, (Reason ?? Outcome).replaceAll('-', ' '));
}
