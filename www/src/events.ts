import type { Event } from './api';
import { h } from './dom';

/** What each act is called, by its stable name. */
export const ACT_TITLES: Readonly<Record<string, string>> = {
  'sign-in': 'Sign-in',
  associate: 'Device associated',
  deactivate: 'Device deactivated',
  resync: 'Device resynchronised',
  'find-device': 'Device looked for by its codes',
  'import-device': 'Device imported',
  'remove-device': 'Device forgotten',
  'create-software-device': 'Virtual device made',
  'tag-device': 'Note put on a device',
  'untag-device': 'Note taken from a device',
  'create-recovery-codes': 'Recovery codes made',
  'issue-recovery-code': 'Recovery code for a time made',
  'unlock-user': 'Account unlocked',
  'add-user': 'Account added',
  'remove-user': 'Account removed',
  'create-access-key': 'Access key made',
  'delete-access-key': 'Access key deleted',
  'end-session': 'Session ended',
};

/** The words for an act, or the act's own name in words. */
export function eventTitle({ Act }: Event): string {
  return ACT_TITLES[Act] ?? (Act.charAt(0).toUpperCase() + Act.slice(1)).replaceAll('-', ' ');
}

/** A badge for what did not succeed; success needs none. */
export function eventOutcome({ Outcome, Reason }: Event): HTMLElement | undefined {
  if (/^(success|succeeded|accepted|done|ok)$/i.test(Outcome)) return undefined;
  return h('span', { class: 'badge problem' }, (Reason ?? Outcome).replaceAll('-', ' '));
}

/** Where somebody was: at which application, or at this service. */
export function doorName(door: string): string {
  if (door === 'command-line') return 'Command line';
  return door.replace(/^pam:/, '').replace(/^service:/, 'Service, by ').replace(/^service$/, 'Service');
}
