import { showOwnPage } from '../device/own-page';
import { openPage } from '../shell';

await openPage({ page: 'device' }, (session) => {
  // Root's devices are a page of their own, with a wizard of its own.
  if (session.Role === 'Root') location.replace('/root');
  return showOwnPage(session, { title: 'My device' });
});
