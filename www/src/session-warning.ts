import { type Session, getSession, signOut } from './api';
import { lastAnswerAt, now } from './clock';
import { h } from './dom';
import { button } from './elements/button';
import { openDialog } from './elements/dialog';
import { MessagePlace } from './elements/message';
import { plural } from './format';
import { goToSignIn } from './session';

/** How long before the end the warning comes (WCAG 2.2.1 asks for 20 seconds at least); half of a shorter idle time. */
const WARNING = 120_000;

/** The service notes a session's use once in a sixtieth of its idle time: it may end that much earlier than the last answer says. */
const UNCERTAIN = 1 / 60;

/** When a session ends, as far as is known at each moment. */
interface End {
  /** From when on it may have ended. */
  at(): number;
  isNear(): boolean;
  /** Whether it has ended in any case: to ask before would put the end off. */
  isOver(): boolean;
  canBePutOff(): boolean;
}

let timer: ReturnType<typeof setTimeout> | undefined;

/** Warns before the session ends, and lets it be extended as long as it can be. */
export function watchSession(session: Session): void {
  const told = Date.parse(session.IdleExpiration) - now();
  const idleLimit = told * (1 - UNCERTAIN);
  const warning = Math.min(WARNING, idleLimit / 2);
  const latest = Date.parse(session.Expiration);
  const end: End = {
    at: () => Math.min(lastAnswerAt() + idleLimit, latest),
    isNear: () => end.at() - now() <= warning,
    isOver: () => now() > end.at() + 2 * UNCERTAIN * told + 1000,
    canBePutOff: () => end.at() < latest,
  };
  wait();

  function wait(): void {
    clearTimeout(timer);
    timer = setTimeout(check, Math.max(0, end.at() - warning - now()));
  }

  async function check(): Promise<void> {
    // Whatever was done meanwhile, in this tab or another one, has put the end off.
    if (end.isNear()) await warn(end);
    if (!end.isNear()) wait();
  }
}

/** Until the end is far off again, or has come. */
async function warn(end: End): Promise<void> {
  const canBePutOff = end.canBePutOff();
  const { dialog } = openDialog(canBePutOff ? 'Are you still there?' : 'Your session ends soon');
  const left = h('p', {});
  const problem = new MessagePlace();
  const stay = button(canBePutOff ? 'Stay signed in' : 'Close', 'primary', () => (canBePutOff ? putOff(problem) : dialog.close()));
  const leave = button('Sign out', '', () => signOut().then(() => location.assign('/sign-in')));
  dialog.append(left, problem, h('div', { class: 'actions' }, stay, leave));
  stay.focus();
  const why = canBePutOff ? 'since nothing has happened for a while' : 'since you signed in long ago';
  while (end.isNear() && !end.isOver()) {
    const seconds = Math.ceil((end.at() - now()) / 1000);
    left.textContent = `You will be signed out ${seconds > 0 ? `in ${waitText(seconds)}` : 'now'}, ${why}.`;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  dialog.close();
  if (end.isNear()) goToSignIn();
}

/** Any request does. */
async function putOff(problem: MessagePlace): Promise<void> {
  const answer = await getSession();
  if (!answer.ok) problem.showProblem(answer.problem);
}

function waitText(seconds: number): string {
  return seconds > 60 ? `about ${plural(Math.ceil(seconds / 60), 'minute')}` : plural(seconds, 'second');
}
