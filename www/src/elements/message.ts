import { type Child, fill, h } from '../dom';
import { problemText } from '../messages';
import type { Problem } from '../problem';
import { goToSignIn } from '../session';

export type Tone = 'good' | 'warning' | 'problem' | 'neutral';

/** A framed sentence: an outcome, a warning, a problem. */
export function message(tone: Tone, title: string, ...children: Child[]): HTMLElement {
  return h('div', { class: `message ${tone}`, tabindex: '-1' }, h('p', { class: 'message-title' }, title), ...children);
}

/** Where messages appear; a problem is announced at once. */
export class MessagePlace extends HTMLElement {
  connectedCallback(): void {
    this.classList.add('message-place');
  }

  clear(): void {
    this.replaceChildren();
  }

  show(tone: Tone, title: string, ...children: Child[]): void {
    const shown = message(tone, title, ...children);
    shown.setAttribute('role', tone === 'problem' ? 'alert' : 'status');
    fill(this, shown);
  }

  /** Says what failed and why. */
  showProblem(problem: Problem, role?: string): void {
    this.show('problem', problemText(problem, role), problem.kind === 'session-gone' && signInAgain());
  }
}

function signInAgain(): HTMLElement {
  return h('p', {}, h('button', { type: 'button', class: 'small', on: { click: goToSignIn } }, 'Sign in again'));
}

customElements.define('keyfob-message-place', MessagePlace);
