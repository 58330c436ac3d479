import { now } from './clock';

const DATE_TIME = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' });
const DATE = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium' });
const CLOCK = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' });
const NUMBER = new Intl.NumberFormat('en-GB');
const RELATIVE = new Intl.RelativeTimeFormat('en-GB', { numeric: 'auto' });

/** `24 Nov 2026, 02:41`, in the reader's own time zone. */
export function dateTime(time: string | null | undefined): string {
  return written(DATE_TIME, time);
}

/** `24 Nov 2026`. */
export function date(time: string | null | undefined): string {
  return written(DATE, time);
}

/** `5 minutes ago`, `in 3 days`. */
export function relative(time: string): string {
  const seconds = Math.round((Date.parse(time) - now()) / 1000);
  const [size, unit] = UNITS.find(([size]) => Math.abs(seconds) >= size) ?? [1, 'second'];
  return RELATIVE.format(Math.trunc(seconds / size), unit);
}

const UNITS: readonly (readonly [number, Intl.RelativeTimeFormatUnit])[] = [
  [365 * 86_400, 'year'],
  [30 * 86_400, 'month'],
  [86_400, 'day'],
  [3600, 'hour'],
  [60, 'minute'],
];

/** `in 45 seconds`, or for longer waits `after 14:05:00`. */
export function retryTime(retryAt: Date): string {
  const seconds = Math.max(1, Math.ceil((retryAt.getTime() - now()) / 1000));
  return seconds < 120 ? `in ${plural(seconds, 'second')}` : `after ${CLOCK.format(retryAt)}`;
}

/** `1 device`, `2 devices`, `10,000 devices`. */
export function plural(count: number, noun: string): string {
  return `${NUMBER.format(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** The last four characters: enough to tell one's own devices apart. */
export function masked(serial: string): string {
  const name = softwareName(serial);
  return name ?? (serial.length > 4 ? `•••• ${serial.slice(-4)}` : serial);
}

/** The name of a software device, which its serial number ends with. */
export function softwareName(serial: string): string | undefined {
  return /^arn:[^:]*:iam::[^:]*:mfa\/(?:.*\/)?(.+)$/.exec(serial)?.[1];
}

function written(format: Intl.DateTimeFormat, time: string | null | undefined): string {
  const milliseconds = Date.parse(time ?? '');
  return Number.isFinite(milliseconds) ? format.format(milliseconds) : 'never';
}

/** A serial number as it is compared where a person typed it: without case, spaces and dashes. */
export function compactSerial(serial: string): string {
  return serial.toLowerCase().replaceAll(/[\s\p{Dash}]/gu, '');
}
