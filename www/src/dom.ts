/** What an element may be given: attributes, listeners, and nothing that the content security policy would block. */
export interface Attributes {
  readonly on?: { readonly [Name in keyof HTMLElementEventMap]?: (event: HTMLElementEventMap[Name]) => unknown };
  /** Blocked by the content security policy: use a class. */
  readonly style?: never;
  readonly [name: string]: unknown;
}

/** What stands in an element. Text is text, whatever characters it has; nothing is parsed as HTML. */
export type Child = Node | string | number | null | undefined | false | readonly Child[];

/** Builds an element. `true` gives an empty attribute; `false`, `null` and `undefined` give none. */
export function h<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[Name] {
  return build(document.createElement(name), attributes, children);
}

/** Builds an SVG element. */
export function svg<Name extends keyof SVGElementTagNameMap>(
  name: Name,
  attributes: Attributes = {},
  ...children: Child[]
): SVGElementTagNameMap[Name] {
  return build(document.createElementNS('http://www.w3.org/2000/svg', name), attributes, children);
}

/** Puts children in place of those there are. */
export function fill<Parent extends Element>(parent: Parent, ...children: Child[]): Parent {
  parent.replaceChildren(...nodes(children));
  return parent;
}

/** Draws a place anew. Meanwhile nothing in it can be used, since what were begun there would be gone. */
export async function renew(place: HTMLElement, show: () => Promise<void>): Promise<void> {
  place.inert = true;
  try {
    await show();
  } finally {
    place.inert = false;
  }
  place.querySelector('h1')?.focus();
}

/** Sets an attribute, or removes it. */
export function setAttribute(element: Element, name: string, value: unknown): void {
  if (value === undefined || value === null || value === false) element.removeAttribute(name);
  else element.setAttribute(name, value === true ? '' : String(value));
}

let lastId = 0;

/** An id that no other element of the page has. */
export function uniqueId(prefix: string): string {
  lastId += 1;
  return `${prefix}-${lastId}`;
}

function build<Built extends Element>(element: Built, { on, ...attributes }: Attributes, children: readonly Child[]): Built {
  for (const [name, value] of Object.entries(attributes)) setAttribute(element, name, value);
  for (const [name, listener] of Object.entries(on ?? {})) element.addEventListener(name, listener as EventListener);
  element.append(...nodes(children));
  return element;
}

function nodes(children: readonly Child[]): (Node | string)[] {
  return children.flatMap((child) => {
    if (child === null || child === undefined || child === false) return [];
    if (child instanceof Node) return [child];
    return typeof child === 'object' ? nodes(child) : [String(child)];
  });
}
