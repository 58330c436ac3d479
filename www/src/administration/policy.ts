import { type Answer, accepted, call } from '../api';

/** What of the policy the pages show and reckon with. */
export interface Policy {
  /** Time steps either way in which a code is good. */
  readonly windowSteps: number;
  /** Seconds either way in which a device can still be associated or resynchronised. */
  readonly associationSeconds: number;
  /** `nobody`, `everybody` or `group:NAME`. */
  readonly required: string;
  readonly requiredFrom: string | null;
  readonly exemptGroup: string | null;
}

export const DEFAULT_POLICY: Policy = {
  windowSteps: 1,
  associationSeconds: 43_200,
  required: 'nobody',
  requiredFrom: null,
  exemptGroup: null,
};

/** The policy in force. */
export async function loadPolicy(): Promise<Answer<Policy>> {
  const answer = await call('GetPolicy', {});
  return answer.ok ? accepted(readPolicy(answer.value)) : answer;
}

function readPolicy(told: unknown): Policy {
  const signIn = part(told, 'SignIn');
  const association = part(told, 'Association');
  return {
    windowSteps: number(signIn['TotpSteps'], DEFAULT_POLICY.windowSteps),
    associationSeconds: number(association['TotpSeconds'], DEFAULT_POLICY.associationSeconds),
    required: text(signIn['Required']) ?? DEFAULT_POLICY.required,
    requiredFrom: text(signIn['RequiredFrom']),
    exemptGroup: text(signIn['ExemptGroup']),
  };
}

function part(value: unknown, name: string): Record<string, unknown> {
  const found = (value as Record<string, unknown>)[name];
  return typeof found === 'object' && found !== null ? (found as Record<string, unknown>) : {};
}

function number(value: unknown, otherwise: number): number {
  return typeof value === 'number' ? value : otherwise;
}

function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
