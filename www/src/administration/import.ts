import { fill, h, uniqueId } from '../dom';
import { button } from '../elements/button';
import { DataTable } from '../elements/data-table';
import { MessagePlace, message } from '../elements/message';
import { plural } from '../format';
import type { Problem } from '../problem';
import { pageHead } from '../shell';
import { downloadTable } from './download';
import { type ImportResult, type Preview, type Reject, sendSeedFile } from './import-requests';
import { DEVICE_COLUMNS, REJECT_COLUMNS, counts, fileSize, largeNumber } from './import-tables';
import { previewSeedFile } from './seed-file-preview';

/** What the service takes at most. */
const MOST_BYTES = 64 * 1024 * 1024;

/** From a seed file to devices: choose, look at what stands in it, import, see what became of each row. */
export class Import extends HTMLElement {
  readonly #place = h('div', { class: 'stack' });

  connectedCallback(): void {
    this.classList.add('block');
    if (this.childElementCount > 0) return;
    this.append(pageHead('Import', 'Makes the tokens of a seed file known, so that they can be given to people. You see what stands in the file before anything is changed.'), this.#place);
    this.#choose();
  }

  #choose(problem?: string): void {
    const id = uniqueId('file');
    const input = h('input', { id, type: 'file', 'aria-describedby': `${id}-hint` });
    input.addEventListener('change', () => this.#take(input.files));
    const drop = h('div', { class: 'drop' }, h('label', { for: id }, h('strong', {}, 'Drop a seed file here, or choose one')), input,
      h('p', { class: 'hint', id: `${id}-hint` }, 'PSKC in plain text, a table (CSV) with a header line, or one otpauth:// address a line; at most 64 MiB. An encrypted file is imported on the command line, with keyfob device import.'));
    this.#takeDrops(drop);
    const place = new MessagePlace();
    fill(this.#place, h('section', { class: 'card' }, place, drop));
    if (problem === undefined) return;
    place.show('problem', 'This file cannot be imported.', h('p', {}, problem));
    input.focus();
  }

  #takeDrops(drop: HTMLElement): void {
    const over = (isOver: boolean) => (event: DragEvent) => {
      event.preventDefault();
      drop.classList.toggle('over', isOver);
    };
    drop.addEventListener('dragover', over(true));
    drop.addEventListener('dragleave', over(false));
    drop.addEventListener('drop', (event) => {
      over(false)(event);
      this.#take(event.dataTransfer?.files);
    });
  }

  #take(files: FileList | null | undefined): void {
    const file = files?.[0];
    if (!file) return;
    if (file.size > MOST_BYTES) this.#choose(`It has ${fileSize(file.size)}, and 64 MiB are possible. Split it.`);
    else void this.#preview(file);
  }

  async #preview(file: File): Promise<void> {
    const { progress } = this.#showProgress(`Reading ${file.name} …`, undefined);
    // Drawn before a large file holds the page up.
    await new Promise((resolve) => setTimeout(resolve, 50));
    const outcome = await previewSeedFile(file, progress);
    if (outcome.kind === 'unreadable') return this.#choose(outcome.text);
    if (outcome.kind === 'failed') return this.#failed(outcome.answer.problem);
    this.#showPreview(file, outcome.preview, outcome.isSent);
  }

  #showPreview(file: File, preview: Preview, isSent: boolean): void {
    const { count, rejects, unverifiedSignature } = preview;
    const found = plural(count, 'device');
    const text = rejects.length === 0 ? `Import ${found}` : `Import ${found}, leave out ${largeNumber(rejects.length)}`;
    const start = count > 0 && button(text, 'primary', () => this.#import(file, count, rejects.length > 0));
    const title = h('h2', { tabindex: '-1' }, 'What stands in ', h('bdi', {}, file.name));
    fill(this.#place,
      h('section', { class: 'card stack' }, title,
        counts([['Devices', count], ['Cannot be read', rejects.length], ['Size', fileSize(file.size)]]),
        h('p', { class: 'hint' }, isSent ? 'The service has read the file, and has changed nothing yet.' : 'The file was read in this page. Nothing has been sent yet.'),
        unverifiedSignature && message('warning', 'The file is signed, but the signature was not checked.', h('p', {}, 'Make sure that you have it from whom you think.')),
        count === 0 && message('problem', 'No device in this file can be used.'),
        h('div', { class: 'actions' }, start, button('Choose another file', '', () => this.#choose()))),
      ...(rejects.length > 0 ? [rejected(rejects, 'Rows that cannot be read')] : []),
      deviceTable(preview));
    title.focus();
  }

  async #import(file: File, count: number, skipRejects: boolean): Promise<void> {
    const { progress } = this.#showProgress(`Importing ${plural(count, 'device')} …`, count);
    const answer = await sendSeedFile(file, { dryRun: false, skipRejects }, progress);
    if (!answer.ok) return this.#failed(answer.problem);
    // What is known with another secret has kept all out: the others may be wanted without them.
    const others = count - answer.value.conflicts.length - answer.value.known;
    const again = !skipRejects && answer.value.conflicts.length > 0 && others > 0 && button(`Import the other ${plural(others, 'device')}`, '', () => this.#import(file, count, true));
    this.#showResult(answer.value, again);
  }

  #showResult(result: ImportResult, again: HTMLElement | false): void {
    const failures = [...result.rejects, ...result.conflicts.map(conflict)];
    const isNothing = result.imported === 0 && failures.length > 0;
    const title = h('h2', { tabindex: '-1' }, isNothing ? 'Nothing was imported' : 'The import is done');
    fill(this.#place,
      h('section', { class: 'card stack' }, title,
        counts([['Imported', result.imported], ['Skipped: known already', result.known], ['Failed', failures.length]]),
        result.conflicts.length > 0 && message('problem', `${plural(result.conflicts.length, 'device')} of the file ${result.conflicts.length === 1 ? 'is' : 'are'} known already with another secret.`,
          h('p', {}, 'They stay as they are. Find out which file is the right one, and forget the devices that are wrong before you import it again.')),
        result.imported === 0 && failures.length === 0 && h('p', {}, 'All devices of the file were known already, and are as they were.'),
        h('div', { class: 'actions' }, h('a', { class: 'button primary', href: '/devices?show=free' }, 'Show the devices'), again, button('Import another file', '', () => this.#choose()))),
      ...(failures.length > 0 ? [rejected(failures, 'Rows that failed')] : []));
    title.focus();
  }

  #failed(problem: Problem): void {
    const place = new MessagePlace();
    fill(this.#place, h('section', { class: 'card' }, place,
      h('p', {}, 'Importing the file again does no harm: devices that are known already stay as they are.'),
      h('div', { class: 'actions' }, button('Choose the file again', 'primary', () => this.#choose()))));
    place.showProblem(problem, 'Administrator');
  }

  /** How far it is: of `all`, or without an end where nobody knows. */
  #showProgress(title: string, all: number | undefined): { progress: (count: number) => void } {
    const id = uniqueId('progress');
    const bar = h('progress', { 'aria-labelledby': id, max: all });
    const text = h('p', { class: 'quiet' }, 'This takes a moment.');
    const heading = h('h2', { id, tabindex: '-1', role: 'status' }, title);
    fill(this.#place, h('section', { class: 'card' }, heading, bar, text));
    heading.focus();
    return {
      progress: (count) => {
        if (all !== undefined) bar.value = Math.min(count, all);
        text.textContent = all === undefined ? `${largeNumber(count)} read` : `${largeNumber(count)} of ${largeNumber(all)}`;
      },
    };
  }
}

function conflict(serial: string): Reject {
  return { Record: '', SerialNumber: serial, Reason: 'Known already with another secret.' };
}

/** Rows that failed, with where they stand and why; to be saved without secrets. */
function rejected(rejects: readonly Reject[], title: string): HTMLElement {
  const id = uniqueId('rejects');
  const table = new DataTable<Reject>({ caption: title, noun: 'row', columns: REJECT_COLUMNS, empty: () => '' });
  table.show(rejects);
  const rows = rejects.map(({ Record, SerialNumber, Reason }) => [String(Record), SerialNumber ?? '', Reason]);
  const save = button('Save as CSV', 'small', () => downloadTable('failed-rows.csv', ['row', 'serial number', 'reason'], rows));
  return h('section', { 'aria-labelledby': id }, h('div', { class: 'card-head' }, h('h2', { id }, title), save), table);
}

function deviceTable({ devices, count }: Preview): HTMLElement {
  const id = uniqueId('devices');
  const table = new DataTable({ caption: 'Devices in the file', noun: 'device', columns: DEVICE_COLUMNS, empty: () => 'None' });
  table.show(devices);
  return h('section', { 'aria-labelledby': id }, h('div', { class: 'card-head' }, h('h2', { id }, devices.length < count ? `The first ${plural(devices.length, 'device')} in the file` : 'Devices in the file')), table);
}

customElements.define('keyfob-import', Import);
