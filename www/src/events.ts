import type { Event } from './api';
import { h } from './dom';

/** What each act is called. */
const ACTS: Readonly<Record<string, string>> = {
  'sign-in': 'Sign-in',
  associate: 'Device associated',
  deactivate: 'Device deactivated',
  resynchronise: 'Device resynchronised',
  'create-recovery-codes': 'Recovery codes made',
  'recovery-code': 'Recovery code used',
  unlock: 'Account unlocked',
  import: 'Devices imported',
};

/** The words for an act, or the act's own name in words. */
export function eventTitle({ Act }: Event): string {
  return ACTS[Act] ?? (Act.charAt(0).toUpperCase() + Act.slice(1)).replaceAll('-', ' ');
}

/** A badge for what did not succeed; success needs none. */
export function eventOutcome({ Outcome, Reason }: Event): HTMLElement | undefined {
  if (/^(success|succeeded|accepted|done|ok)$/i.test(Outcome)) return undefined;
  return h('span', { class: 'badge problem' }, (Reason ?? Outcome).replaceAll('-', ' '));
}
