import { type Answer, type Device, type UserStatus, accepted, call } from '../api';
import type { Problem } from '../problem';
import { MOST_ITEMS, type Part, loadAll, nextMarker } from './load-all';

/** All devices, as they come. */
export function loadDevices(seen: (devices: readonly Device[], isComplete: boolean) => void): Promise<Problem | undefined> {
  return loadAll(async (Marker): Promise<Answer<Part<Device>>> => {
    const answer = await call('ListDevices', { Marker, MaxItems: MOST_ITEMS });
    return answer.ok ? accepted({ rows: answer.value.Devices, next: nextMarker(answer.value) }) : answer;
  }, seen);
}

/** All users, as they come. */
export function loadUsers(seen: (users: readonly UserStatus[], isComplete: boolean) => void): Promise<Problem | undefined> {
  return loadAll(async (Marker): Promise<Answer<Part<UserStatus>>> => {
    const answer = await call('ListUserStatuses', { Marker, MaxItems: MOST_ITEMS });
    return answer.ok ? accepted({ rows: answer.value.Users, next: nextMarker(answer.value) }) : answer;
  }, seen);
}
