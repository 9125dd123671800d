/** Keeps what is drawn of a saved output in step with its host, which takes outputs out of the page and puts them back. */

/** How many islands stay drawn though they were taken out of the page: most of those come back. */
const MOST_AWAY = 20;
const away = new Set<() => void>();

/**
 * Draw in place of the island's static form. A host takes outputs out of the page when they are scrolled
 * away, and puts them back; those of earlier runs it forgets, and then nothing of ours may hold them.
 */
export async function keepDrawn(
  root: HTMLElement,
  draw: (root: HTMLElement) => Promise<() => void>,
): Promise<void> {
  let drawn: Promise<() => void> | null = draw(root);
  const erase = (): void => {
    drawn?.then((unmount) => unmount());
    drawn = null;
  };
  const leave = (): void => {
    away.add(erase);
    if (away.size <= MOST_AWAY) return;
    const [oldest] = away;
    away.delete(oldest as () => void);
    oldest?.();
  };
  const enter = (): void => {
    away.delete(erase);
    drawn ??= draw(root);
  };
  await drawn;
  root.append(lifeline(enter, leave));
  if (!root.isConnected) leave();
}

/** What is drawn in `el` stands for the island's static form; the returned function brings that back. */
export function inPlace(root: HTMLElement, el: HTMLElement): () => void {
  const stills = [...root.querySelectorAll<HTMLElement>(":scope > .od-static")];
  for (const still of stills) still.hidden = true;
  return () => {
    el.remove();
    for (const still of stills) still.hidden = false;
  };
}

/** An element that tells when it is put into a page, and when it is taken out. */
function lifeline(enter: () => void, leave: () => void): HTMLElement {
  if (!customElements.get("od-lifeline")) {
    customElements.define(
      "od-lifeline",
      class extends HTMLElement {
        connectedCallback(): void {
          this.dispatchEvent(new Event("enter"));
        }
        disconnectedCallback(): void {
          this.dispatchEvent(new Event("leave"));
        }
      },
    );
  }
  const element = document.createElement("od-lifeline");
  element.hidden = true;
  element.addEventListener("enter", enter);
  element.addEventListener("leave", leave);
  return element;
}
