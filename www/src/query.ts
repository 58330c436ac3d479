/** What the page's address says after the question mark. */
export function queryValue(name: string): string {
  return new URLSearchParams(location.search).get(name) ?? '';
}

/** Writes it there, so that reload, the back button and a shared address show the same. */
export function keepInQuery(values: Readonly<Record<string, string>>): void {
  const query = new URLSearchParams(location.search);
  for (const [name, value] of Object.entries(values)) {
    if (value === '') query.delete(name);
    else query.set(name, value);
  }
  const text = query.toString();
  history.replaceState(history.state, '', text === '' ? location.pathname : `${location.pathname}?${text}`);
}

/** The address of a page with this in its query. */
export function pageAddress(page: string, query: Readonly<Record<string, string>>): string {
  return `/${page}?${new URLSearchParams(query).toString()}`;
}
