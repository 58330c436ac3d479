import { type Session, signOut } from './api';
import { type Child, fill, h, svg } from './dom';
import { button } from './elements/button';
import { message } from './elements/message';
import { problemText } from './messages';
import type { Problem } from './problem';
import { isAdministrator, requireSession } from './session';
import { watchSession } from './session-warning';

interface NavigationEntry {
  readonly page: string;
  readonly title: string;
}

const OWN: readonly NavigationEntry[] = [{ page: 'device', title: 'My device' }];

const ROOT: readonly NavigationEntry[] = [{ page: 'root', title: 'My device' }];

const ADMINISTRATION: readonly NavigationEntry[] = [
  { page: 'users', title: 'Users' },
  { page: 'devices', title: 'Devices' },
  { page: 'import', title: 'Import' },
  { page: 'required', title: 'No device yet' },
  { page: 'log', title: 'Log' },
  { page: 'access-keys', title: 'Access keys' },
];

export interface PageOptions {
  /** The page's name in its address. */
  readonly page: string;
  /** Who may see it; everybody who is signed in, by default. */
  readonly needs?: 'administrator';
}

/** A page of somebody who is signed in: frame, navigation, and what `render` gives, or what went wrong. */
export async function openPage(
  { page, needs }: PageOptions,
  render: (session: Session) => Child | Promise<Child>,
): Promise<void> {
  showFrame({}, h('p', { class: 'loading', role: 'status' }, 'Loading …'));
  const state = await requireSession();
  if (state.kind === 'failed') {
    showFrame({}, problemCard(state.problem));
    return;
  }
  const { session } = state;
  watchSession(session);
  const isAllowed = needs === undefined || isAdministrator(session);
  const content = isAllowed ? await render(session) : forAdministrators();
  showFrame({ page, session }, content);
}

/** A page's heading, what it is for, and what can be done there. */
export function pageHead(title: Child, description?: Child, ...actions: Child[]): HTMLElement {
  const text = h('div', {}, h('h1', { tabindex: '-1' }, title), description !== undefined && h('p', {}, description));
  return h('div', { class: 'page-head' }, text, ...actions);
}

/** In place of what could not be loaded. */
export function problemCard(problem: Problem, role?: string): HTMLElement {
  const again = h('p', {}, button('Try again', 'small', () => location.reload()));
  const shown = message('problem', problemText(problem, role), again);
  shown.setAttribute('role', 'alert');
  return shown;
}

/** The frame around a page's content. */
export function showFrame({ page, session }: { page?: string; session?: Session }, ...content: Child[]): void {
  fill(
    document.body,
    h('a', { class: 'skip-link', href: '#content' }, 'Skip to the content'),
    h('header', { class: 'shell-header' }, bar(session), session && navigation(session, page)),
    h('main', { id: 'content', class: 'shell-main', tabindex: '-1' }, ...content),
  );
}

function bar(session: Session | undefined): HTMLElement {
  const product = h('a', { class: 'product', href: '/' }, logo(), 'Keyfob');
  return h('div', { class: 'shell-bar' }, product, session && account(session));
}

function account({ UserName, Role }: Session): HTMLElement {
  const name = h('span', { class: 'account-name', dir: 'auto' }, UserName);
  const role = Role === 'User' ? undefined : h('span', { class: 'badge' }, Role);
  return h('div', { class: 'account' }, name, role, button('Sign out', 'small', leave));
}

async function leave(): Promise<void> {
  await signOut();
  location.assign('/sign-in');
}

function navigation(session: Session, current: string | undefined): HTMLElement {
  const own = session.Role === 'Root' ? ROOT : OWN;
  const entries = isAdministrator(session) ? [...own, ...ADMINISTRATION] : own;
  const links = entries.map(({ page, title }) =>
    h('li', {}, h('a', { href: `/${page}`, 'aria-current': page === current && 'page' }, title)),
  );
  return h('nav', { class: 'shell-navigation', 'aria-label': 'Pages' }, h('ul', {}, links));
}

function forAdministrators(): HTMLElement {
  const text = 'This page is for administrators. Your own device is under “My device”.';
  return h('div', { class: 'card single' }, h('h1', {}, 'Not for you'), h('p', {}, text),
    h('div', { class: 'actions' }, h('a', { class: 'button primary', href: '/device' }, 'My device')));
}

/** A key fob: a case with a display of digits, and the ring of a key chain. */
export function logo(): SVGElement {
  return svg(
    'svg',
    { viewBox: '0 0 32 32', 'aria-hidden': 'true', fill: 'none', stroke: 'currentColor', 'stroke-width': '2.5' },
    svg('circle', { cx: '6', cy: '16', r: '3.75' }),
    svg('rect', { x: '9.5', y: '8', width: '21', height: '16', rx: '5' }),
    svg('path', { d: 'M15 16h.01M20 16h.01M25 16h.01', 'stroke-width': '4', 'stroke-linecap': 'round' }),
  );
}

// A page that the browser had kept is asked anew: its session may be gone.
addEventListener('pageshow', (event) => {
  if (event.persisted) location.reload();
});
