import { type Child, fill, h, setAttribute } from '../dom';
import { plural } from '../format';
import { button } from './button';
import { Pager } from './pager';
import { type Cell, tableFrame, tableRow } from './table';

export interface Column<Row> extends Omit<Cell, 'content'> {
  readonly cell: (row: Row) => Child;
  /** What the column is sorted by. What there is not comes last. */
  readonly sortBy?: (row: Row) => string | number | null;
}

export interface TableOptions<Row> {
  readonly caption: string;
  /** `device` of `1–100 of 10,000 devices`. */
  readonly noun: string;
  readonly columns: readonly Column<Row>[];
  /** In place of a table without rows. */
  readonly empty: () => Child;
}

type Direction = 'ascending' | 'descending';

/** So many rows stand in the page at a time: the table stays quick with any number of rows. */
const PAGE_SIZE = 100;

const COLLATOR = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });
const NUMBER = new Intl.NumberFormat('en-GB');

/** A table that can be sorted by its columns, a page of rows at a time. */
export class DataTable<Row> extends HTMLElement {
  readonly #options: TableOptions<Row>;
  readonly #heads: readonly HTMLTableCellElement[];
  readonly #body = h('tbody');
  readonly #empty = h('div', { class: 'card', hidden: true });
  readonly #frame: HTMLElement;
  readonly #pager = new Pager('Pages of the table', { text: 'Previous', go: () => this.#turn(-1) }, { text: 'Next', go: () => this.#turn(1) });
  #rows: readonly Row[] = [];
  #page = 0;
  #sorted: { readonly column: number; readonly direction: Direction };

  constructor(options: TableOptions<Row>) {
    super();
    this.#options = options;
    const first = options.columns.findIndex(({ sortBy }) => sortBy);
    this.#sorted = { column: first, direction: 'ascending' };
    this.#heads = options.columns.map((column, index) => this.#head(column, index));
    this.#frame = tableFrame(options.caption, this.#heads, this.#body);
  }

  connectedCallback(): void {
    this.classList.add('block');
    if (!this.#frame.isConnected) this.append(this.#empty, this.#frame, this.#pager);
  }

  /** Shows these rows, from the first page on unless `keepsPage`. */
  show(rows: readonly Row[], keepsPage = false): void {
    this.#rows = this.#sort(rows);
    if (!keepsPage) this.#page = 0;
    this.#draw();
  }

  #head({ title, sortBy, isNumber }: Column<Row>, index: number): HTMLTableCellElement {
    const attributes = { scope: 'col', class: isNumber && 'number' };
    if (!sortBy) return h('th', attributes, title);
    return h('th', { ...attributes, 'aria-sort': 'none' }, button(title, '', () => this.#sortBy(index)));
  }

  #sortBy(column: number): void {
    const isAgain = column === this.#sorted.column && this.#sorted.direction === 'ascending';
    this.#sorted = { column, direction: isAgain ? 'descending' : 'ascending' };
    this.show(this.#rows);
  }

  #sort(rows: readonly Row[]): readonly Row[] {
    const { column, direction } = this.#sorted;
    const sortBy = this.#options.columns[column]?.sortBy;
    if (!sortBy) return rows;
    const sign = direction === 'ascending' ? 1 : -1;
    const keyed = rows.map((row) => ({ row, key: sortBy(row) }));
    return keyed.sort((one, other) => compare(one.key, other.key, sign)).map(({ row }) => row);
  }

  #turn(by: number): void {
    this.#page = Math.min(Math.max(0, this.#page + by), this.#lastPage);
    this.#draw();
    this.#frame.scrollIntoView({ block: 'nearest' });
  }

  get #lastPage(): number {
    return Math.max(0, Math.ceil(this.#rows.length / PAGE_SIZE) - 1);
  }

  #draw(): void {
    this.#page = Math.min(this.#page, this.#lastPage);
    const first = this.#page * PAGE_SIZE;
    const shown = this.#rows.slice(first, first + PAGE_SIZE);
    this.#frame.hidden = shown.length === 0;
    this.#empty.hidden = shown.length > 0;
    fill(this.#body, shown.map((row) => this.#row(row)));
    fill(this.#empty, shown.length === 0 && this.#options.empty());
    this.#heads.forEach((head, index) => {
      if (this.#options.columns[index]?.sortBy) setAttribute(head, 'aria-sort', index === this.#sorted.column ? this.#sorted.direction : 'none');
    });
    this.#pager.show(this.#statusText(first, shown.length), this.#page > 0, this.#page < this.#lastPage);
  }

  #row(row: Row): HTMLElement {
    return tableRow(this.#options.columns.map((column) => ({ ...column, content: column.cell(row) })));
  }

  #statusText(first: number, shown: number): string {
    const { noun, columns } = this.#options;
    const all = this.#rows.length;
    const count = plural(all, noun);
    const sorted = columns[this.#sorted.column]?.title;
    const order = sorted === undefined || all < 2 ? '' : `, sorted by ${sorted.toLowerCase()}, ${this.#sorted.direction}`;
    return shown === all ? `${count}${order}` : `${NUMBER.format(first + 1)}–${NUMBER.format(first + shown)} of ${count}${order}`;
  }
}

function compare(one: string | number | null, other: string | number | null, sign: number): number {
  if (one === null || other === null) return Number(one === null) - Number(other === null);
  const order = typeof one === 'number' && typeof other === 'number' ? one - other : COLLATOR.compare(String(one), String(other));
  return sign * order;
}

customElements.define('keyfob-data-table', DataTable);
