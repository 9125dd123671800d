"""An attack in every place that shows data, and the search for it in what a page has become."""

from __future__ import annotations

from typing import Any

import pandas as pd

import offdiagonal as od
from tests.browser.payloads import PAYLOADS

N = 40
TOGETHER = 8
"""So many attacks share an Evaluation: each is text, column, level, class and slice of it, and part of its name."""
ROLES = ("id", "group", "source", "split")
SAID = "said back:"
PLACES = (
    "class", "column", "level", "text", "id", "group", "source", "split", "index", "value of the index",
    "slice", "name", "note", "private column", "private value", "title of a file", "error",
)  # fmt: skip

NAMES = """
b bdi button canvas circle clippath code col colgroup datalist dd defs details div dl dt fieldset g h2 h3 h4 header i
img input label legend li line main mark ol optgroup option output p path pattern polygon polyline pre rect
section select small span strong style summary svg table tbody td text textarea tfoot th thead title tr
tspan ul wbr
"""
TAGS = frozenset(NAMES.upper().split())
"""All that views and static forms are made of; nothing that runs, loads or goes anywhere."""

ATTRIBUTES = ("aria-label", "aria-description", "aria-valuetext", "alt", "title", "value", "placeholder")
"""Where text of data may stand as a whole."""

LOOK = """
async (tags) => {
  const deep = function* (node) {
    for (const child of node.querySelectorAll("*")) {
      yield child
      if (child.shadowRoot) yield* deep(child.shadowRoot)
    }
  }
  const all = (root) => [...deep(root)]
  const rest = (ms) => new Promise((done) => setTimeout(done, ms))
  const act = async (element) => {
    if (!element) return
    for (const kind of ["pointerover", "pointerenter", "pointermove", "mouseover", "mousemove", "focusin"])
      element.dispatchEvent(new MouseEvent(kind, { bubbles: true, composed: true, clientX: 5, clientY: 5 }))
    element.click()
    await rest(20)
  }
  const roots = all(document).filter((e) => e.matches(".od, .od-static"))
  for (const root of roots.filter((e) => e.matches(".od"))) {
    const pick = (selector, at = 0) => act(all(root).filter((e) => e.matches(selector)).at(at))
    await pick("[role=gridcell]")
    await pick("[aria-label=Slices] tbody tr")
    await pick("button[aria-expanded=false]", -1)
    await pick(".e-row", 0)
    await pick("summary")
    const search = all(root).filter((e) => e.matches("input:not([type]), input[type=text], input[type=search]"))
    for (const input of search) {
      input.focus()
      input.value = "od_fired"
      input.dispatchEvent(new InputEvent("input", { bubbles: true, composed: true }))
    }
    await rest(60)
    for (const element of all(root).filter((e) => e.id === "click")) await act(element)
  }
  await rest(300)
  const marks = /od[_-]fired/
  const found = { fired: Object.keys(globalThis).filter((key) => marks.test(key)), tags: [], attributes: [], texts: [] }
  for (const root of roots) {
    const text = [root, ...all(root)].flatMap((e) => [...e.childNodes]).filter((n) => n.nodeType === 3)
    found.texts.push(text.map((n) => n.data).join("\\n") + all(root).map((e) => e.value ?? "").join("\\n"))
    for (const element of all(root)) {
      if (!tags.includes(element.tagName.toUpperCase())) found.tags.push(element.outerHTML.slice(0, 300))
      for (const { name, value } of element.attributes) {
        const own = marks.test(value) || /^on/i.test(name) || /^\\s*(javascript|vbscript):/i.test(value)
        if (own || marks.test(name)) found.attributes.push([name, value.slice(0, 300)])
      }
    }
  }
  return found
}
"""
"""Select, search, open, hover all over a page; then what fired, and what its views are made of."""


def hostile(first: int) -> od.Evaluation:
    """An Evaluation that shows some attacks wherever data is shown."""
    attacks = PAYLOADS[first : first + TOGETHER]
    own = [attacks[row % TOGETHER] for row in range(N)]
    said = f"{attacks[0]} {attacks[TOGETHER // 2]}"
    frame = pd.DataFrame(
        {
            "label": [own[row] if row % (2 * TOGETHER) < TOGETHER else f"{own[row]} " for row in range(N)],
            "predicted": own[1:] + own[:1],
            "text": [f"{attack} {row}" for row, attack in enumerate(own)],
            "number": range(N),
            **{name: [name, "other"] * (N // 2) for name in attacks},
            **{f"{role} {said}": [f"{role} {name}" for name in own] for role in ROLES},
            f"private {said}": [f"private {name}" for name in own],
        },
        index=pd.Index([f"index {name} {row}" for row, name in enumerate(own)], name=f"index {said}"),
    )
    ev = od.Evaluation(
        frame,
        prediction="predicted",
        text="text",
        private=[f"private {said}"],
        name=" ".join(attacks),
        **{role: f"{role} {said}" for role in ROLES},
    )
    for name in attacks:
        ev.slice(name, {"text": name}).slice(f"column {name}", {"columns": {name: name}})
    ev.selection.where(
        text="od", slice=attacks, columns={name: name for name in attacks[:1]}, rows=[*range(N)]
    )
    return ev


def refuse(ev: od.Evaluation) -> None:
    """Have the kernel refuse what a view asks for, in words that hold the attack."""
    name = f"{SAID} {ev.name}"
    message: dict[str, Any] = {"type": "select", "clauses": [{"field": "slice", "names": [name]}]}
    for peer in list(ev._session._peers):
        ev._session.receive(peer, message)
