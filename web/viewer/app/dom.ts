/** Finds the page's elements by id, once, and says so when one is missing. */

export function element<T extends HTMLElement>(id: string, type: new () => T): T {
  const found = document.getElementById(id);
  if (!(found instanceof type)) throw new Error(`the page has no ${type.name} #${id}`);
  return found;
}

export const button = (id: string): HTMLButtonElement => element(id, HTMLButtonElement);
export const link = (id: string): HTMLAnchorElement => element(id, HTMLAnchorElement);
export const block = (id: string): HTMLElement => element(id, HTMLElement);
