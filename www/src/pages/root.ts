import { showOwnPage } from '../device/own-page';
import { h } from '../dom';
import { openPage, pageHead } from '../shell';

await openPage({ page: 'root', needs: 'administrator' }, (session) => {
  if (session.Role === 'Root') return showOwnPage(session, { title: 'Root’s device', forRoot: true });
  return [
    pageHead('Root’s device'),
    h('div', { class: 'card' }, h('p', {}, 'Root’s devices are root’s affair: they are managed in a session that root has opened, or by root on the command line.')),
  ];
});
