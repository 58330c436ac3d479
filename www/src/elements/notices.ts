import type { Notice } from '../api';
import { doorName } from '../events';
import { dateTime, masked } from '../format';
import { message } from './message';

/** What was done to an account, as its owner is told at the next sign-in. */
const NOTICES: Readonly<Record<string, string>> = {
  associated: 'A device was associated with your account',
  deactivated: 'A device of yours was deactivated',
  resynchronised: 'A device of yours was resynchronised',
  'recovery-code-used': 'A recovery code was used to sign in',
  'codes-refused': 'Wrong codes were typed for your account',
};

/** Fewer recovery codes than this are worth a word. */
const FEW = 3;

/** What an owner has to know on the way in. */
export function notices(told: readonly Notice[], recoveryCodesLeft: number | undefined): HTMLElement[] {
  const shown = told.map((notice) => message('neutral', noticeTitle(notice), whenAndWhere(notice)));
  return recoveryCodesLeft === undefined ? shown : [...shown, fewLeft(recoveryCodesLeft)];
}

/** The words for an act, or the act's own name in words. */
export function noticeTitle({ Kind, Count }: Notice): string {
  const title = NOTICES[Kind] ?? Kind.charAt(0).toUpperCase() + Kind.slice(1).replaceAll('-', ' ');
  return Count > 1 ? `${title} (${Count} times)` : title;
}

function whenAndWhere({ Time, SerialNumber, Door, Remote }: Notice): string {
  const parts = [SerialNumber && masked(SerialNumber), dateTime(Time), Door && doorName(Door), Remote && `from ${Remote}`];
  return `${parts.filter(Boolean).join(', ')}. Was it not you? Tell an administrator.`;
}

function fewLeft(count: number): HTMLElement {
  const text = count === 0 ? 'That was your last recovery code' : `${count} recovery codes are left`;
  return message(count < FEW ? 'warning' : 'neutral', text, 'New ones are made on your page, under “Recovery codes”.');
}
