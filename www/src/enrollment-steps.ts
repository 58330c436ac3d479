import type { EnrollmentStep, Parameters, Submission } from '@keyfob/wasm';
import type { Keyfob } from './keyfob';
import { sentence } from './messages';

export type FieldName = 'serial' | 'serialAgain' | 'code1' | 'code2';

/** What stands in the form's fields. */
export interface Typed {
  readonly serial: string;
  readonly serialAgain: string;
  readonly code1: string;
  readonly code2: string;
  /** When Authentication Code 1 was complete, in seconds since 1970. */
  readonly code1At: number | undefined;
}

export interface EnrollmentKind {
  readonly forRoot: boolean;
  /** How the device counts, where that is known. */
  readonly device: Parameters | undefined;
}

/** What the core's enrollment makes of the fields. */
export interface Reading {
  /** What is asked for now. */
  readonly step: EnrollmentStep;
  /** What is wrong with the field of that step. */
  readonly mistake: { readonly field: FieldName; readonly text: string } | undefined;
  readonly submission: Submission | undefined;
}

const FIELDS: readonly FieldName[] = ['serial', 'serialAgain', 'code1', 'code2'];

/** Leads a new enrollment through all fields, as each may be changed at any time. */
export function readEnrollment(keyfob: Keyfob, typed: Typed, { forRoot, device }: EnrollmentKind, now: number): Reading {
  const enrollment = new keyfob.Enrollment({ forRoot });
  if (device) enrollment.describe(device);
  for (const field of FIELDS.filter((field) => forRoot || field !== 'serialAgain')) {
    const outcome = enrollment.enter(typed[field], field === 'code1' ? (typed.code1At ?? now) : now);
    if (!outcome.ok) return { step: enrollment.step(now), mistake: { field, text: sentence(outcome.message) }, submission: undefined };
  }
  return { step: enrollment.step(now), mistake: undefined, submission: enrollment.takeSubmission() };
}

/** What is submitted where the package could not be loaded: the service checks it. */
export function unread({ serial, code1, code2 }: Typed): Submission {
  return { serial: serial.trim(), code1: code1.trim(), code2: code2.trim() };
}
