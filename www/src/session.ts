import { type Session, getSession } from './api';
import type { Problem } from './problem';

export type SessionState =
  | { readonly kind: 'signed-in'; readonly session: Session }
  | { readonly kind: 'failed'; readonly problem: Problem };

/** Who is signed in. Whoever is not is taken to the sign-in page, and this never returns. */
export async function requireSession(): Promise<SessionState> {
  const answer = await getSession();
  if (answer.ok) return { kind: 'signed-in', session: answer.value };
  if (answer.problem.kind !== 'session-gone') return { kind: 'failed', problem: answer.problem };
  goToSignIn();
  return new Promise(() => {});
}

/** Goes to the sign-in page, which comes back here. */
export function goToSignIn(): void {
  const here = location.pathname + location.search;
  location.replace(`/sign-in?next=${encodeURIComponent(here)}`);
}

/** Where to go after the sign-in: a page of this origin and no other. */
export function nextPage(search: string): string {
  const next = new URLSearchParams(search).get('next') ?? '';
  if (!next.startsWith('/')) return '/device';
  try {
    const url = new URL(next, location.origin);
    // "//elsewhere" and "/\elsewhere" begin with a slash, too.
    const isOurs = url.origin === location.origin && url.pathname !== '/sign-in' && !url.pathname.startsWith('//');
    return isOurs ? url.pathname + url.search : '/device';
  } catch {
    return '/device';
  }
}

/** Whether the account has got a device since the sign-in: nothing more can be changed before one with a code. */
export function lacksCode({ NeedsCode, WithCode }: Session): boolean {
  return NeedsCode && !WithCode;
}

export function isAdministrator(session: Session): boolean {
  return session.Role !== 'User';
}
