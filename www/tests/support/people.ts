import type { Device, Event, Session, SessionEntry, UserStatus } from '../../src/actions';
import type { MadeUp } from './made-up';

const DAY = 86_400_000;

function ago(milliseconds: number): string {
  return new Date(Date.now() - milliseconds).toISOString();
}

export function session(more: Partial<Session> = {}): Session {
  return {
    UserName: 'alice',
    Role: 'User',
    WithCode: true,
    NeedsCode: false,
    CsrfToken: 'token',
    SignedIn: ago(60_000),
    IdleExpiration: ago(-900_000),
    Expiration: ago(-8 * 3_600_000),
    ...more,
  };
}

export function device(more: Partial<Device> = {}): Device {
  return {
    SerialNumber: '2308701201234',
    Type: 'TOTP',
    Algorithm: 'SHA-1',
    Digits: 6,
    Period: 30,
    Manufacturer: 'Feitian',
    Model: 'c200',
    Imported: ago(90 * DAY),
    UserName: 'alice',
    EnableDate: ago(60 * DAY),
    IsSoftware: false,
    Drift: 1,
    DriftSeconds: 30,
    LastUsed: ago(DAY),
    Tags: [],
    ...more,
  };
}

export function status(more: Partial<UserStatus> = {}): UserStatus {
  const none = { Failures: 0, ThrottledUntil: null, Locked: false };
  return {
    UserName: 'alice',
    Uid: 1000,
    Created: ago(300 * DAY),
    SerialNumbers: ['2308701201234'],
    RecoveryCodesLeft: 8,
    SignIn: none,
    Association: none,
    IsRequired: false,
    RequiredFrom: null,
    Groups: ['staff'],
    ...more,
  };
}

export function sessionEntry(more: Partial<SessionEntry> = {}): SessionEntry {
  return {
    SessionId: 's1',
    Created: ago(60_000),
    LastUsed: ago(1000),
    Expiration: ago(-8 * 3_600_000),
    Remote: '192.0.2.7',
    WithCode: true,
    IsCurrent: true,
    ...more,
  };
}

export function event(more: Partial<Event> = {}): Event {
  return {
    Id: 1,
    Time: ago(3_600_000),
    Act: 'sign-in',
    UserName: 'alice',
    SerialNumber: '2308701201234',
    Door: 'sshd',
    Remote: '192.0.2.7',
    Outcome: 'done',
    Reason: null,
    ...more,
  };
}

/** The answers of somebody who is signed in, with these devices. */
export function signedIn(service: MadeUp, who: Partial<Session> = {}, devices: readonly Device[] = [device()]): void {
  const replies = service.replies;
  replies['GetSession'] = () => ({ body: session(who) });
  replies['ListMFADevices'] = () => ({
    body: { MFADevices: devices.map(({ UserName, SerialNumber, EnableDate }) => ({ UserName, SerialNumber, EnableDate })), IsTruncated: false },
  });
  replies['GetDevice'] = (parameters) => ({ body: devices.find(({ SerialNumber }) => SerialNumber === parameters.get('SerialNumber')) });
  replies['GetUserStatus'] = () => ({ body: status({ UserName: who.UserName ?? 'alice', SerialNumbers: devices.map(({ SerialNumber }) => SerialNumber), RecoveryCodesLeft: devices.length > 0 ? 8 : 0 }) });
  replies['ListSessions'] = () => ({ body: { Sessions: [sessionEntry(), sessionEntry({ SessionId: 's2', Remote: '198.51.100.3', IsCurrent: false, Created: ago(3 * DAY), LastUsed: ago(DAY) })] } });
  replies['ListEvents'] = () => ({ body: { Events: [event(), event({ Id: 2, Act: 'sign-in', Outcome: 'refused', Reason: 'already-used', Door: 'sudo' }), event({ Id: 3, Act: 'associate', Time: ago(60 * DAY) })] } });
}
