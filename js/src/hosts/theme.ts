/** Light or dark: as the page behind the view is, whatever sets it. */

/** Keep `data-theme` of an element in step with the page; the returned function ends it. */
export function followTheme(el: HTMLElement): () => void {
  const more = matchMedia("(prefers-contrast: more)");
  const apply = (): void => {
    el.dataset.theme = isDark(el) ? "dark" : "light";
    const named = /high.?contrast/i.test(document.body.dataset.jpThemeName ?? document.body.className);
    el.dataset.contrast = named || more.matches ? "more" : "normal";
  };
  const observer = new MutationObserver(apply);
  const changes = {
    attributes: true,
    attributeFilter: ["class", "style", "data-jp-theme-name", "data-jp-theme-light"],
  };
  for (const root of [document.documentElement, document.body]) observer.observe(root, changes);
  const scheme = matchMedia("(prefers-color-scheme: dark)");
  for (const media of [scheme, more]) media.addEventListener("change", apply);
  apply();
  // A theme's style sheet arrives after its attribute.
  const later = setTimeout(apply, 300);
  document.addEventListener("load", apply, true);
  return () => {
    observer.disconnect();
    document.removeEventListener("load", apply, true);
    for (const media of [scheme, more]) media.removeEventListener("change", apply);
    clearTimeout(later);
  };
}

function isDark(el: HTMLElement): boolean {
  for (let at: Element | null = el; at; at = parentOf(at)) {
    const [r, g, b, alpha = 1] = (getComputedStyle(at).backgroundColor.match(/[\d.]+/g) ?? []).map(Number);
    if (alpha > 0.5 && r !== undefined && g !== undefined && b !== undefined) {
      return 0.2126 * r + 0.7152 * g + 0.0722 * b < 110;
    }
  }
  return getComputedStyle(document.documentElement).colorScheme.trim() === "dark";
}

function parentOf(el: Element): Element | null {
  if (el.parentElement) return el.parentElement;
  const root = el.getRootNode();
  return root instanceof ShadowRoot ? root.host : null;
}
