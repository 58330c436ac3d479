import { h } from '../dom';
import { showFrame } from '../shell';

showFrame(
  {},
  h(
    'div',
    { class: 'card single' },
    h('h1', {}, 'There is no such page'),
    h('p', {}, 'The address may be mistyped, or the page has been moved. Nothing has happened to your device or account.'),
    h('div', { class: 'actions' }, h('a', { class: 'button primary', href: '/device' }, 'My device'),
      h('a', { href: '/sign-in' }, 'Sign in')),
  ),
);
