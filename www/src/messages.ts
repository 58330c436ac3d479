import type { Problem, Reason, Refused } from './problem';
import { retryTime } from './format';

/** What each refusal says to the person who reads it. Whoever is not an administrator gets one text for unknown and taken devices. */
const REFUSALS: { readonly [Key in Reason]: string } = {
  'wrong-code': 'This code is not right. Check the number on the device and type it again.',
  'already-used': 'This code has been used already. Wait until the device shows its next code.',
  'malformed-code': 'A code has only digits, 6 to 10 of them. Type it as the device shows it.',
  'same-codes': 'Both codes are the same. Wait for the next code.',
  'not-consecutive': 'These two codes do not follow each other. Type one code, and then the very next one.',
  'clock-too-far-off': 'The clock of this device is too far off. It has to be replaced: ask an administrator.',
  throttled: 'There were too many wrong tries.',
  locked: 'This account is locked after too many wrong tries. An administrator has to unlock it.',
  'unknown-serial-number': 'No device has this serial number. Check it, or import its seed file first.',
  taken: 'Somebody else has this device. It has to be deactivated there first.',
  'not-associated': 'This device is not associated with this account any more. Load the page again to see what changed.',
  'device-limit': 'This account has as many devices as it may have. Deactivate one of them first.',
  'unknown-user': 'There is no account of this name here.',
  recreated: 'This account was deleted and made again. An administrator has to confirm that it belongs to the same person.',
  'no-device': 'This account has no device any more. Load the page again to see what changed.',
  'has-devices': 'This user has devices. Deactivate them first.',
  'known-serial-number': 'There is a device of this name already. Choose another name.',
  'known-user': 'This user is known already.',
  'unassociated-limit': 'There are many devices that nobody has finished to set up. Ask an administrator to delete them.',
  'tag-limit': 'A device has at most 50 tags. Remove one first.',
  'unknown-session': 'This session has ended already.',
  'not-signed-in': 'You are not signed in any more. Sign in again to go on.',
  'wrong-password': 'User name or password is not right.',
  'not-allowed': 'You are not allowed to do this.',
  'code-required': 'Sign in with a code to do this. Sign out, and sign in again with your device.',
};

/** For whoever must not learn whether a device exists and who has it. */
export const PAIR_REFUSED =
  'The serial number and the codes do not belong together, or the device is not free. Check both and try again, or ask an administrator.';

/** One or two sentences: what happened, and what to do. */
export function problemText(problem: Problem, role?: string): string {
  switch (problem.kind) {
    case 'network':
      return 'The service did not answer. Check the network and try again: nothing you typed is lost.';
    case 'session-gone':
      return 'You are not signed in any more. Sign in again to go on.';
    case 'unreadable':
      return `The service gave an answer that makes no sense (${problem.status}). Try again, or tell an administrator.`;
    case 'refused':
      return refusalText(problem, role);
  }
}

function refusalText(refused: Refused, role: string | undefined): string {
  const { reason, code, message } = refused;
  if (code === 'SignInFailed') return 'User name or password is not right.';
  if (code === 'TooManyRequests') return withWait('There were too many tries from your network.', refused);
  if (code === 'DeleteConflict' && reason === undefined) return 'Somebody has this device. It has to be deactivated first.';
  if (reason === undefined) return sentence(message);
  if (reason === 'throttled' || (reason === 'locked' && refused.retryAt)) return withWait(REFUSALS.throttled, refused);
  const isHidden = reason === 'unknown-serial-number' || reason === 'taken';
  if (isHidden && role !== undefined && role === 'User') return PAIR_REFUSED;
  return REFUSALS[reason];
}

function withWait(text: string, { retryAt }: Refused): string {
  return retryAt ? `${text} You can try again ${retryTime(retryAt)}.` : `${text} Try again later.`;
}

/** A message of the core, which begins in lower case, as a sentence. */
export function sentence(message: string): string {
  const text = message.charAt(0).toUpperCase() + message.slice(1);
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
