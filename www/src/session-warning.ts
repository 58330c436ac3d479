import { type Session, getSession, signOut } from './api';
import { lastAnswerAt, now } from './clock';
import { h } from './dom';
import { busy } from './elements/button';
import { openDialog } from './elements/dialog';
import { MessagePlace } from './elements/message';
import { plural } from './format';
import { goToSignIn } from './session';

/** How long before the end the warning comes (WCAG 2.2.1 asks for 20 seconds at least). */
const WARNING = 120_000;

let timer: ReturnType<typeof setTimeout> | undefined;

/** Warns before the session ends, and lets it be extended as long as it can be. */
export function watchSession(session: Session): void {
  const idleLimit = Date.parse(session.IdleExpiration) - now();
  const end = Date.parse(session.Expiration);
  wait();

  function endsAt(): number {
    return Math.min(lastAnswerAt() + idleLimit, end);
  }

  function wait(): void {
    clearTimeout(timer);
    timer = setTimeout(check, Math.max(0, endsAt() - WARNING - now()));
  }

  function check(): void {
    // Whatever was done meanwhile has put the end off.
    if (endsAt() - now() > WARNING) wait();
    else void warn(endsAt(), end > endsAt());
  }
}

async function warn(endsAt: number, canBeExtended: boolean): Promise<void> {
  const { dialog, closed } = openDialog(canBeExtended ? 'Are you still there?' : 'Your session ends soon');
  const left = h('p', {});
  const problem = new MessagePlace();
  const stay = h('button', { type: 'button', class: 'primary' }, canBeExtended ? 'Stay signed in' : 'Close');
  stay.addEventListener('click', () => busy(stay, async () => (canBeExtended ? extend(dialog, problem) : dialog.close())));
  const leave = h('button', { type: 'button', on: { click: () => signOut().then(() => location.assign('/sign-in')) } }, 'Sign out');
  dialog.append(left, problem, h('div', { class: 'actions' }, stay, leave));
  stay.focus();
  const tick = setInterval(show, 1000);
  show();
  await closed;
  if (canBeExtended || now() >= endsAt) clearInterval(tick);

  function show(): void {
    const seconds = Math.max(0, Math.ceil((endsAt - now()) / 1000));
    const why = canBeExtended ? 'since nothing has happened for a while' : 'since you signed in long ago';
    left.textContent = `You will be signed out in ${waitText(seconds)}, ${why}.`;
    if (seconds === 0) {
      clearInterval(tick);
      goToSignIn();
    }
  }
}

async function extend(dialog: HTMLDialogElement, problem: MessagePlace): Promise<void> {
  const answer = await getSession();
  if (!answer.ok) return problem.showProblem(answer.problem);
  dialog.close();
  watchSession(answer.value);
}

function waitText(seconds: number): string {
  return seconds > 60 ? `about ${plural(Math.ceil(seconds / 60), 'minute')}` : plural(seconds, 'second');
}
