import { type Child, h } from '../dom';
import type { Column } from '../elements/data-table';
import type { Reject, SeedFileDevice } from './import-requests';

const NUMBER = new Intl.NumberFormat('en-GB');

export const DEVICE_COLUMNS: readonly Column<SeedFileDevice>[] = [
  { title: 'Serial number', isName: true, sortBy: ({ SerialNumber }) => SerialNumber, cell: ({ SerialNumber }) => h('span', { class: 'serial' }, SerialNumber) },
  { title: 'Type', sortBy: ({ Type }) => Type, cell: ({ Type }) => Type },
  { title: 'Algorithm', sortBy: ({ Algorithm }) => Algorithm, cell: ({ Algorithm }) => Algorithm },
  { title: 'Digits', isNumber: true, sortBy: ({ Digits }) => Digits, cell: ({ Digits }) => Digits },
  { title: 'Seconds', isNumber: true, sortBy: ({ Period }) => Period ?? null, cell: ({ Period }) => Period ?? '–' },
  { title: 'Made by', sortBy: (device) => maker(device), cell: (device) => h('bdi', {}, maker(device) ?? '–') },
];

export const REJECT_COLUMNS: readonly Column<Reject>[] = [
  { title: 'Row', isName: true, sortBy: ({ Record }) => Record, cell: ({ Record }) => Record || '–' },
  { title: 'Serial number', sortBy: ({ SerialNumber }) => SerialNumber ?? null, cell: ({ SerialNumber }) => (SerialNumber ? h('span', { class: 'serial' }, SerialNumber) : '–') },
  { title: 'Why', sortBy: ({ Reason }) => Reason, cell: ({ Reason }) => Reason },
];

/** Figures that matter, with what they count. */
export function counts(figures: readonly (readonly [string, number | string])[]): HTMLElement {
  return h('dl', { class: 'counts' }, figures.map(([name, value]): Child =>
    h('div', {}, h('dt', {}, name), h('dd', {}, typeof value === 'number' ? largeNumber(value) : value))));
}

/** `10,000`. */
export function largeNumber(value: number): string {
  return NUMBER.format(value);
}

/** `1.4 MiB`. */
export function fileSize(bytes: number): string {
  if (bytes < 1024) return `${bytes} bytes`;
  return bytes < 1024 * 1024 ? `${(bytes / 1024).toFixed(1)} KiB` : `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
}

function maker({ Manufacturer, Model }: SeedFileDevice): string | null {
  const made = [Manufacturer, Model].filter(Boolean).join(' ');
  return made === '' ? null : made;
}
