/** Children are nodes or text. Text always becomes a text node: a nickname is never read as HTML. */
export type Child = Node | string | null | undefined | false;

type Handler = (event: Event) => void;
type Attribute = string | number | boolean | undefined | Handler;

/** Makes one element. `onclick` and friends take a function; `true` and `false` set and omit an attribute. */
export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Record<string, Attribute> = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, '');
    else if (value !== false && value !== undefined) element.setAttribute(name, String(value));
  }
  element.append(
    ...children.filter(
      (child): child is Node | string => child !== null && child !== undefined && child !== false,
    ),
  );
  return element;
}

/**
 * Replaces what a container shows. Open `<details>` stay open and the keyboard focus stays where it was, both by id;
 * when the focused thing is gone, its container's first button has the focus.
 */
export function show(container: HTMLElement, ...children: Child[]): void {
  const focused = container.contains(document.activeElement) ? document.activeElement?.id : undefined;
  const open = new Set(
    [...container.querySelectorAll<HTMLDetailsElement>('details[open]')].map((one) => one.id),
  );
  container.replaceChildren(...children.filter((child): child is Node | string => Boolean(child)));
  for (const details of container.querySelectorAll('details')) if (open.has(details.id)) details.open = true;
  if (focused) (document.getElementById(focused) ?? container.querySelector('button'))?.focus();
}
