import type { Parameters } from '@keyfob/wasm';
import { type Answer, type Device, type DeviceWithHistory, accepted, call } from './api';
import { compactSerial, softwareName } from './format';

/** All devices of a user, with what is known of each. */
export async function devicesOf(userName: string): Promise<Answer<DeviceWithHistory[]>> {
  const listed = await call('ListMFADevices', { UserName: userName });
  if (!listed.ok) return listed;
  const answers = await Promise.all(listed.value.MFADevices.map(({ SerialNumber }) => call('GetDevice', { SerialNumber })));
  const devices: DeviceWithHistory[] = [];
  for (const answer of answers) {
    if (!answer.ok) return answer;
    devices.push(answer.value);
  }
  return accepted(devices);
}

/** The first serial numbers in which a text stands, whatever its case and dashes. */
export async function suggestSerials(text: string, AssignmentStatus?: 'Unassigned'): Promise<readonly string[]> {
  const answer = await call('ListDevices', { Filter: compactSerial(text), AssignmentStatus, MaxItems: 8 });
  return answer.ok ? answer.value.Devices.map(({ SerialNumber }) => SerialNumber) : [];
}

/** How a device counts, as the package takes it. */
export function parametersOf({ Type, Digits, Period }: Device): Parameters {
  return Type === 'HOTP' ? { type: 'HOTP', digits: Digits } : { type: 'TOTP', digits: Digits, period: Period ?? 30 };
}

/** What a person calls a device: its maker and model, or the name of a software device. */
export function deviceName({ SerialNumber, Manufacturer, Model, IsSoftware }: Device): string {
  const software = softwareName(SerialNumber);
  if (software !== undefined) return software;
  const made = [Manufacturer, Model].filter((part) => (part ?? '') !== '').join(' ');
  return made !== '' ? made : IsSoftware ? 'Authenticator app' : 'Hardware token';
}

/** `One-time codes, 6 digits every 30 seconds`. */
export function deviceKind({ Type, Digits, Period }: Device): string {
  return Type === 'HOTP' ? `${Digits} digits at each press of the button` : `${Digits} digits every ${Period ?? 30} seconds`;
}

/** `2 steps (60 s) ahead`. */
export function driftText({ Drift, DriftSeconds, Type }: Device): string {
  if (Type === 'HOTP') return 'counts presses, has no clock';
  if (Drift === null || Drift === undefined) return 'not known yet';
  if (Drift === 0 && (DriftSeconds ?? 0) === 0) return 'in step';
  const steps = Math.abs(Drift);
  const seconds = typeof DriftSeconds === 'number' ? ` (${Math.abs(DriftSeconds)} s)` : '';
  return `${steps} ${steps === 1 ? 'step' : 'steps'}${seconds} ${(DriftSeconds ?? Drift) < 0 ? 'behind' : 'ahead'}`;
}
