import { getSession } from '../api';
import { h } from '../dom';
import { SignIn } from '../elements/sign-in';
import { lacksCode, nextPage } from '../session';
import { showFrame } from '../shell';

showFrame({}, h('p', { class: 'loading', role: 'status' }, 'Loading …'));
await begin();

/** Whoever is signed in already has nothing to do here; who has got a device since signs in with its code. */
async function begin(): Promise<void> {
  const answer = await getSession();
  if (answer.ok && !lacksCode(answer.value)) return leave();
  showFrame({}, new SignIn(leave, answer.ok ? answer.value.UserName : undefined));
}

function leave(): void {
  location.replace(nextPage(location.search));
}
