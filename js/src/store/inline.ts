/** Code that arrived as text becomes part of the page. */

/** Run code as an inline script of the page. */
export function run(source: string): void {
  const script = document.createElement("script");
  script.textContent = source;
  document.head.append(script);
  script.remove();
}
