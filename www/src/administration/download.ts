import { h } from '../dom';

/** Saves a table as a CSV file (RFC 4180), made in the page. */
export function downloadTable(fileName: string, heads: readonly string[], rows: readonly (readonly string[])[]): void {
  const text = [heads, ...rows].map((cells) => cells.map(cell).join(',')).join('\r\n');
  const address = URL.createObjectURL(new Blob([text, '\r\n'], { type: 'text/csv' }));
  h('a', { href: address, download: fileName }).click();
  // The browser has the address by then.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

/** Spreadsheets take what begins with = + - @ for a formula: an apostrophe makes it text. */
function cell(text: string): string {
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return `"${harmless.replaceAll('"', '""')}"`;
}
