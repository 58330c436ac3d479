/** Why a request had no success. */
export type Problem =
  /** No answer came. */
  | { readonly kind: 'network' }
  /** Nobody is signed in, or no longer. */
  | { readonly kind: 'session-gone' }
  /** The service refused. */
  | {
      readonly kind: 'refused';
      readonly status: number;
      readonly code: string;
      readonly reason: Reason | undefined;
      readonly message: string;
      /** When to try again. */
      readonly retryAt: Date | undefined;
      readonly offerResync: boolean;
      readonly requestId: string | undefined;
    }
  /** What came is no answer of the service. */
  | { readonly kind: 'unreadable'; readonly status: number };

export type Refused = Extract<Problem, { kind: 'refused' }>;

/** The stable words by which the service tells refusals apart. */
export const REASONS = [
  'wrong-code',
  'already-used',
  'malformed-code',
  'same-codes',
  'not-consecutive',
  'clock-too-far-off',
  'throttled',
  'locked',
  'unknown-serial-number',
  'taken',
  'not-associated',
  'device-limit',
  'unknown-user',
  'recreated',
  'no-device',
  'has-devices',
  'known-serial-number',
  'known-user',
  'unassociated-limit',
  'tag-limit',
  'unknown-session',
  'not-signed-in',
  'wrong-password',
  'not-allowed',
  'code-required',
] as const;

export type Reason = (typeof REASONS)[number];

export type Answer<Value> = { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly problem: Problem };

export function accepted<Value>(value: Value): Answer<Value> {
  return { ok: true, value };
}

export function failed(problem: Problem): { readonly ok: false; readonly problem: Problem } {
  return { ok: false, problem };
}

/** Reads the body of an error answer. */
export function readProblem(status: number, body: unknown, retryAfter: string | null): Problem {
  const error = property(body, 'Error');
  const code = text(property(error, 'Code'));
  if (code === undefined) return { kind: 'unreadable', status };
  if (code === 'NotSignedIn') return { kind: 'session-gone' };
  return {
    kind: 'refused',
    status,
    code,
    reason: reason(property(error, 'Reason')),
    message: text(property(error, 'Message')) ?? code,
    retryAt: retryAt(property(error, 'RetryAt'), retryAfter),
    offerResync: property(error, 'OfferResync') === true,
    requestId: text(property(body, 'RequestId')),
  };
}

function reason(value: unknown): Reason | undefined {
  return REASONS.find((known) => known === value);
}

function retryAt(value: unknown, retryAfter: string | null): Date | undefined {
  const told = Date.parse(text(value) ?? '');
  if (Number.isFinite(told)) return new Date(told);
  const seconds = Number.parseInt(retryAfter ?? '', 10);
  return Number.isFinite(seconds) ? new Date(Date.now() + seconds * 1000) : undefined;
}

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
