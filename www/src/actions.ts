/* What is not there is either `null` or left out. */

/** A time as the service writes it, `2026-11-24T02:41:32Z`. */
export type Time = string;

export type Role = 'Root' | 'Administrator' | 'User';

export interface Session {
  readonly UserName: string;
  readonly Role: Role;
  readonly WithCode: boolean;
  readonly NeedsCode: boolean;
  readonly CsrfToken: string;
  readonly SignedIn: Time;
  readonly IdleExpiration: Time;
  readonly Expiration: Time;
}

export interface SessionEntry {
  readonly SessionId: string;
  readonly Created: Time;
  readonly LastUsed: Time;
  readonly Expiration: Time;
  readonly Remote?: string | null;
  readonly WithCode: boolean;
  readonly IsCurrent: boolean;
}

export interface MfaDevice {
  readonly UserName: string;
  readonly SerialNumber: string;
  readonly EnableDate: Time;
}

export interface Device {
  readonly SerialNumber: string;
  readonly Type: 'TOTP' | 'HOTP';
  readonly Algorithm: string;
  readonly Digits: number;
  readonly Period?: number | null;
  readonly Manufacturer?: string | null;
  readonly Model?: string | null;
  /** As its maker says. */
  readonly Expires?: Time | null;
  readonly Imported?: Time | null;
  readonly UserName?: string | null;
  readonly EnableDate?: Time | null;
  readonly IsSoftware: boolean;
  /** In time steps. */
  readonly Drift?: number | null;
  readonly DriftSeconds?: number | null;
  readonly LastUsed?: Time | null;
  readonly Tags: readonly { readonly Key: string; readonly Value: string }[];
}

export interface DeviceWithHistory extends Device {
  readonly DriftHistory?: readonly { readonly Time: Time; readonly Drift: number; readonly DriftSeconds: number }[];
}

/** Where an account stands with failed tries. */
export interface Throttle {
  readonly Failures: number;
  readonly ThrottledUntil?: Time | null;
  readonly Locked: boolean;
}

export interface UserStatus {
  readonly UserName: string;
  readonly Uid?: number | null;
  readonly Created?: Time | null;
  readonly SerialNumbers: readonly string[];
  readonly RecoveryCodesLeft?: number | null;
  readonly SignIn: Throttle;
  readonly Association: Throttle;
  readonly IsRequired: boolean;
  readonly RequiredFrom?: Time | null;
  /** Of the system. */
  readonly Groups?: readonly string[] | null;
}

export interface Event {
  readonly Id: string | number;
  readonly Time: Time;
  readonly Act: string;
  readonly UserName?: string | null;
  readonly SerialNumber?: string | null;
  readonly Door?: string | null;
  readonly Remote?: string | null;
  readonly Outcome: string;
  readonly Reason?: string | null;
}

export interface AccessKey {
  readonly AccessKeyId: string;
  readonly UserName: string;
  readonly Created: Time;
}

export interface VirtualMfaDevice {
  readonly SerialNumber: string;
  /** Base32, itself written in base64. */
  readonly Base32StringSeed: string;
  readonly QRCodePNG: string;
}

interface Page {
  readonly Marker?: string | undefined;
  readonly MaxItems?: number | undefined;
}

interface PageEnd {
  readonly IsTruncated: boolean;
  readonly Marker?: string | null;
}

/** A device, its owner-to-be and two consecutive codes. */
export interface TwoCodes {
  readonly UserName: string;
  readonly SerialNumber: string;
  readonly AuthenticationCode1: string;
  readonly AuthenticationCode2: string;
}

type Nothing = Record<never, never>;

/** AWS's own actions, as far as the pages use them: what each takes and gives. */
export interface AwsActions {
  EnableMFADevice: [TwoCodes, Nothing];
  ResyncMFADevice: [TwoCodes, Nothing];
  DeactivateMFADevice: [{ SerialNumber: string; UserName?: string }, Nothing];
  ListMFADevices: [{ UserName?: string } & Page, { MFADevices: readonly MfaDevice[] } & PageEnd];
  CreateVirtualMFADevice: [{ VirtualMFADeviceName: string }, { VirtualMFADevice: VirtualMfaDevice }];
  DeleteVirtualMFADevice: [{ SerialNumber: string }, Nothing];
  CreateUser: [{ UserName: string }, Nothing];
  DeleteUser: [{ UserName: string }, Nothing];
}

/** Keyfob's own actions. */
export interface KeyfobActions {
  GetSession: [Nothing, Session];
  ListSessions: [{ UserName?: string }, { Sessions: readonly SessionEntry[] }];
  EndSession: [{ SessionId: string; UserName?: string }, Nothing];
  ListDevices: [{ Filter?: string | undefined; AssignmentStatus?: 'Assigned' | 'Unassigned' | 'Any' | undefined } & Page, { Devices: readonly Device[] } & PageEnd];
  GetDevice: [{ SerialNumber: string }, DeviceWithHistory];
  FindDevice: [{ AuthenticationCode1: string; AuthenticationCode2?: string }, { SerialNumbers: readonly string[] }];
  CreateRecoveryCodes: [{ UserName: string; ExpiresIn?: number }, { RecoveryCodes: readonly string[]; Expiration?: Time | null }];
  GetUserStatus: [{ UserName: string }, UserStatus];
  ListUserStatuses: [Page, { Users: readonly UserStatus[] } & PageEnd];
  UnlockUser: [{ UserName: string }, Nothing];
  ListEvents: [
    { UserName?: string; SerialNumber?: string; After?: string; Before?: string; MaxItems?: number },
    { Events: readonly Event[] },
  ];
  GetPolicy: [Nothing, Record<string, unknown>];
  ListAccessKeys: [Nothing, { AccessKeys: readonly AccessKey[] }];
  DeleteDevice: [{ SerialNumber: string }, Nothing];
}

export type Actions = AwsActions & KeyfobActions;
export type Action = keyof Actions;
export type Parameters<Name extends Action> = Actions[Name][0];
export type Result<Name extends Action> = Actions[Name][1];

const AWS_ACTIONS: { readonly [Name in keyof AwsActions]: true } = {
  EnableMFADevice: true,
  ResyncMFADevice: true,
  DeactivateMFADevice: true,
  ListMFADevices: true,
  CreateVirtualMFADevice: true,
  DeleteVirtualMFADevice: true,
  CreateUser: true,
  DeleteUser: true,
};

/** Whose action it is stands in its version. */
export function version(action: Action): string {
  return action in AWS_ACTIONS ? '2010-05-08' : '2026-11-24';
}
