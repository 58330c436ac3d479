import { type Device, type Result, call } from '../api';
import { deviceName } from '../devices';
import { h } from '../dom';
import { button } from '../elements/button';
import { openDialog } from '../elements/dialog';
import { MessagePlace } from '../elements/message';
import { makeRecoveryCodes, showOnce } from '../elements/recovery-codes';
import { dateTime, masked } from '../format';

/** How long the code signs in that an administrator hands out, in seconds. */
const CODE_LASTS = 24 * 60 * 60;

export interface LostDevice {
  readonly userName: string;
  readonly devices: readonly Device[];
  /** Offers a recovery code that ends: for administrators, to hand it to the user. */
  readonly mayIssueCode?: boolean;
  readonly changed: () => Promise<void>;
}

/** Disables a lost device, then offers new recovery codes, which go with another device, and the way to the next one. */
export async function lostDevice({ userName, devices, mayIssueCode, changed }: LostDevice): Promise<void> {
  const { dialog, closed } = openDialog('A device is lost');
  const problem = new MessagePlace();
  let issued: Result<'CreateRecoveryCodes'> | undefined;
  const rows = devices.map((device) => h('li', { class: 'row' }, description(device), disable(device)));
  dialog.append(
    h('p', {}, 'Which one is lost? It is disabled at once: nobody can sign in with it any more, and whoever finds it can hand it to an administrator.'),
    problem,
    h('ul', { class: 'plain-list' }, rows),
    ...(mayIssueCode ? [mislaid()] : []),
    h('div', { class: 'actions' }, button('Cancel', '', () => dialog.close())),
  );
  const disabled = await closed;
  if (disabled === '') return;
  if (issued !== undefined) return showIssued(issued);
  if (devices.length > 1) await makeRecoveryCodes(userName, true);
  await changed();
  offerNext();

  function disable(device: Device): HTMLElement {
    const made = button('Disable', 'danger small', async () => {
      const answer = await call('DeactivateMFADevice', { SerialNumber: device.SerialNumber, UserName: userName });
      if (answer.ok) dialog.close(device.SerialNumber);
      else problem.showProblem(answer.problem);
    });
    made.setAttribute('aria-label', `Disable ${deviceName(device)} ${masked(device.SerialNumber)} of ${userName}`);
    return made;
  }

  function mislaid(): HTMLElement {
    const issue = button('Make a code for 24 hours', 'small', async () => {
      const answer = await call('CreateRecoveryCodes', { UserName: userName, ExpiresIn: CODE_LASTS });
      if (!answer.ok) return problem.showProblem(answer.problem);
      issued = answer.value;
      dialog.close('issued');
    });
    return h('div', { class: 'stack' }, h('h3', {}, 'It may turn up again'),
      h('p', {}, 'Leave it as it is, and hand out one recovery code: it signs in once, within 24 hours. Codes made before stay good.'),
      h('div', { class: 'actions' }, issue));
  }

  async function showIssued({ RecoveryCodes, Expiration }: Result<'CreateRecoveryCodes'>): Promise<void> {
    const until = Expiration ? ` until ${dateTime(Expiration)}` : '';
    const text = ['Tell it to ', h('strong', { dir: 'auto' }, userName), ` and nobody else, once you are sure who asks. It signs in once${until}. It is shown now and never again.`];
    await showOnce({ title: 'A recovery code for 24 hours', text, close: 'I have handed it on', userName, codes: RecoveryCodes });
    await changed();
  }
}

function description(device: Device): HTMLElement {
  return h('div', {}, h('p', {}, h('strong', {}, deviceName(device))), h('p', { class: 'serial' }, masked(device.SerialNumber)));
}

/** The way to the next device stands on the page: lead there. */
function offerNext(): void {
  document.querySelector<HTMLElement>('[data-associate]')?.focus();
}
