import { h } from '../dom';
import { button } from '../elements/button';
import { showFrame } from '../shell';

showFrame(
  {},
  h(
    'div',
    { class: 'card single' },
    h('h1', {}, 'Something went wrong here'),
    h('p', {}, 'The service could not answer. Try again in a minute; if it stays so, tell an administrator.'),
    h('div', { class: 'actions' }, button('Try again', 'primary', () => location.reload())),
  ),
);
