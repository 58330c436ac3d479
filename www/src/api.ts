import { type Action, type Parameters, type Result, type Session, version } from './actions';
import { noteAnswer, readClock } from './clock';
import { type Answer, accepted, failed, readProblem } from './problem';

export * from './actions';
export * from './problem';

/** Sent with everything that a session does, so that no other site can do it. */
let csrfToken: string | undefined;

export interface Notice {
  readonly Kind: string;
  readonly Time: string;
  readonly SerialNumber?: string | null;
  readonly Door?: string | null;
  readonly Remote?: string | null;
  readonly Count: number;
}

export type AfterPassword =
  | { readonly Next: 'Done' }
  | { readonly Next: 'Code'; readonly Digits: readonly number[]; readonly OfferResync: boolean }
  | { readonly Next: 'Wait'; readonly RetryAt?: string | null };

export interface AfterCode {
  readonly Next: 'Done';
  readonly RecoveryCodesLeft?: number | null;
  readonly Notices?: readonly Notice[];
}

/** One action of the service. */
export async function call<Name extends Action>(action: Name, parameters: Parameters<Name>): Promise<Answer<Result<Name>>> {
  const answer = await post('/', { Action: action, Version: version(action), ...parameters });
  return answer.ok ? accepted(resultOf(action, answer.value)) : answer;
}

/** Who is signed in. Puts off the end of an idle session, too. */
export async function getSession(): Promise<Answer<Session>> {
  const answer = await call('GetSession', {});
  if (answer.ok) csrfToken = answer.value.CsrfToken;
  return answer;
}

export function signIn(userName: string, password: string): Promise<Answer<AfterPassword>> {
  return post('/sign-in', { UserName: userName, Password: password }) as Promise<Answer<AfterPassword>>;
}

export function signInWithCode(code: string): Promise<Answer<AfterCode>> {
  return post('/sign-in/code', { Code: code }) as Promise<Answer<AfterCode>>;
}

export function resyncAtSignIn(code1: string, code2: string): Promise<Answer<{ readonly SerialNumber: string }>> {
  const parameters = { AuthenticationCode1: code1, AuthenticationCode2: code2 };
  return post('/sign-in/resync', parameters) as Promise<Answer<{ readonly SerialNumber: string }>>;
}

export function signOut(): Promise<Answer<unknown>> {
  return post('/sign-out', {});
}

/** Sends a file, and gives the answer's lines as they come. */
export async function send(path: string, body: Blob): Promise<Answer<Response>> {
  return request(path, { 'Content-Type': 'application/octet-stream', Accept: 'application/x-ndjson' }, body);
}

async function post(path: string, parameters: object): Promise<Answer<unknown>> {
  const answer = await request(path, { Accept: 'application/json' }, form(parameters));
  if (!answer.ok) return answer;
  const body = await json(answer.value);
  return body === undefined ? failed({ kind: 'unreadable', status: answer.value.status }) : accepted(body);
}

async function request(path: string, headers: Record<string, string>, body: BodyInit): Promise<Answer<Response>> {
  const csrf: Record<string, string> = csrfToken === undefined ? {} : { 'X-Keyfob-Csrf': csrfToken };
  let answer: Response;
  try {
    answer = await fetch(path, { method: 'POST', headers: { ...headers, ...csrf }, body, cache: 'no-store', redirect: 'error' });
  } catch {
    return failed({ kind: 'network' });
  }
  readClock(answer);
  const problem = answer.ok ? undefined : readProblem(answer.status, await json(answer), answer.headers.get('Retry-After'));
  if (problem?.kind !== 'session-gone') noteAnswer();
  return problem ? failed(problem) : accepted(answer);
}

function form(parameters: object): URLSearchParams {
  const given = Object.entries(parameters).filter(([, value]) => value !== undefined);
  return new URLSearchParams(given.map(([name, value]) => [name, String(value)]));
}

async function json(answer: Response): Promise<unknown> {
  try {
    return await answer.json();
  } catch {
    return undefined;
  }
}

/** `{"ListMFADevicesResponse":{"ListMFADevicesResult":{…}}}`; an action without output has no result. */
function resultOf<Name extends Action>(action: Name, body: unknown): Result<Name> {
  const response = (body as Record<string, Record<string, unknown> | undefined>)[`${action}Response`];
  return (response?.[`${action}Result`] ?? {}) as Result<Name>;
}
