import type { Device } from '../api';
import { plural } from '../format';
import type { Policy } from './policy';

const DAY = 86_400_000;

/** Quartz clocks of key fobs run off by about two minutes a year; one that is known to be worse counts as it is. */
const SECONDS_A_DAY = 120 / 365;

/** The share of the window from which on a device is about to leave it. */
const CLOSE = 0.75;

/** Batteries of key fobs last about five years: a year's notice. */
const OLD_DAYS = 4 * 365;

/** The notice of what a device's maker says of its end. */
const EXPIRY_DAYS = 90;

/** Why a device is worth a look before its owner is kept out. */
export interface Concern {
  readonly kind: 'leaving' | 'old' | 'expiring';
  readonly label: string;
  readonly text: string;
}

/** What there is to worry about, at this time in milliseconds. */
export function concerns(device: Device, policy: Policy, now: number): Concern[] {
  return [leavingWindow(device, policy, now), farFromRange(device, policy), expiring(device, now) ?? old(device, now)].filter((concern) => concern !== undefined);
}

/** Each sign-in learns how the clock runs: only one that was not used for long can be outside. */
function leavingWindow(device: Device, policy: Policy, now: number): Concern | undefined {
  const { Type, Period, UserName, IsSoftware, LastUsed, EnableDate } = device;
  const since = Date.parse(LastUsed ?? EnableDate ?? '');
  if (Type === 'HOTP' || IsSoftware || !UserName || !Number.isFinite(since)) return undefined;
  const days = (now - since) / DAY;
  const seconds = Math.round(days * secondsADay(device, since));
  const window = policy.windowSteps * (Period ?? 30);
  if (seconds < CLOSE * window) return undefined;
  const text = `Not used for ${plural(Math.floor(days), 'day')}: its clock may have run off by ${seconds} s, and ${window} s are allowed. Resynchronise it, or have its owner sign in soon.`;
  return { kind: 'leaving', label: 'About to leave the window', text };
}

function secondsADay({ Imported, DriftSeconds }: Device, since: number): number {
  const days = (since - Date.parse(Imported ?? '')) / DAY;
  return days > 90 ? Math.max(SECONDS_A_DAY, Math.abs(DriftSeconds ?? 0) / days) : SECONDS_A_DAY;
}

function farFromRange({ Type, DriftSeconds }: Device, { associationSeconds }: Policy): Concern | undefined {
  if (Type === 'HOTP' || Math.abs(DriftSeconds ?? 0) < CLOSE * associationSeconds) return undefined;
  const text = 'Its clock is so far off that it can soon not be associated or resynchronised any more. Replace it.';
  return { kind: 'leaving', label: 'About to leave the range', text };
}

function old({ Imported, IsSoftware }: Device, now: number): Concern | undefined {
  const days = (now - Date.parse(Imported ?? '')) / DAY;
  if (IsSoftware || !(days >= OLD_DAYS)) return undefined;
  return { kind: 'old', label: 'Old', text: `Imported ${Math.floor(days / 365)} years ago. The battery of a key fob lasts about five years: plan for a new one.` };
}

function expiring({ Expires }: Device, now: number): Concern | undefined {
  const days = Math.floor((Date.parse(Expires ?? '') - now) / DAY);
  if (!(days < EXPIRY_DAYS)) return undefined;
  if (days < 0) return { kind: 'expiring', label: 'Expired', text: 'Its maker does not warrant it any more, as the seed file says. It goes on until it fails: replace it.' };
  return { kind: 'expiring', label: 'About to expire', text: `Its maker warrants it for ${plural(days, 'more day')}, as the seed file says: plan for a new one.` };
}
