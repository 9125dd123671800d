/** What can be measured of all views on a page: cut, overlapping and protruding text, small targets, motion. */
(() => {
  const hosts = () => [...document.querySelectorAll(".od-host")].filter((h) => h.getClientRects().length > 0);
  const nameOf = (host) => host.closest("[data-case]")?.dataset.case ?? "?";
  const parentOf = (el) =>
    el.parentElement ?? (el.getRootNode() instanceof ShadowRoot ? el.getRootNode().host : null);
  const close = (a, b) => Math.abs(a - b) < 1.5;

  const hiddenFrom = (el) => {
    if (el.closest(".hidden, option, script, style")) return true;
    return !el.checkVisibility({
      opacityProperty: true,
      visibilityProperty: true,
      contentVisibilityAuto: true,
    });
  };

  /** A rectangle as far as its ancestors show it, and the ancestor that cuts it off where nobody can scroll. */
  const shown = (el, rect) => {
    let { left, top, right, bottom } = rect;
    let cutBy = null;
    for (let at = el; at && !at.classList.contains("od-host"); at = parentOf(at)) {
      const { overflowX, overflowY } = getComputedStyle(at);
      if (overflowX === "visible" && overflowY === "visible") continue;
      if (at instanceof SVGElement && at.tagName !== "svg") continue;
      const box = at.getBoundingClientRect();
      const scrolls = [overflowX, overflowY].some((o) => o === "auto" || o === "scroll");
      const over =
        left < box.left - 1.5 || right > box.right + 1.5 || top < box.top - 3 || bottom > box.bottom + 3;
      if (over && !scrolls && !cutBy) cutBy = at;
      if (over && scrolls && !cutBy) {
        // what a reader can scroll to is not cut off
        left = Math.max(left, box.left);
        right = Math.min(right, box.right);
        top = Math.max(top, box.top);
        bottom = Math.min(bottom, box.bottom);
        if (left >= right || top >= bottom) return null;
        continue;
      }
      left = Math.max(left, box.left);
      right = Math.min(right, box.right);
      top = Math.max(top, box.top);
      bottom = Math.min(bottom, box.bottom);
      if (left >= right || top >= bottom) return cutBy ? { cutBy, empty: true } : null;
    }
    return { left, top, right, bottom, cutBy };
  };

  /** All pieces of text of a view, as they are seen. */
  const texts = (host) => {
    const found = [];
    const walk = (root) => {
      const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
      while (walker.nextNode()) {
        const node = walker.currentNode;
        const el = node.parentElement;
        if (!node.data.trim() || !el || hiddenFrom(el)) continue;
        const range = document.createRange();
        range.selectNodeContents(node);
        for (const rect of range.getClientRects()) {
          if (rect.width < 1 || rect.height < 1) continue;
          found.push({ el, text: node.data.trim().slice(0, 60), rect, seen: shown(el, rect) });
        }
      }
    };
    walk(host.shadowRoot);
    return found;
  };

  const where = (el) => {
    const path = [];
    for (let at = el; at && path.length < 4 && !at.classList?.contains("od"); at = parentOf(at))
      path.unshift(
        at.tagName.toLowerCase() +
          (at.getAttribute("class") ? `.${at.getAttribute("class").trim().replace(/\s+/g, ".")}` : ""),
      );
    return path.join(" > ");
  };

  /** Text that is cut off where no one can scroll. `may`: what has its whole text elsewhere. */
  const cut = (may) =>
    hosts().flatMap((host) => {
      const inside = host.getBoundingClientRect();
      return texts(host).flatMap(({ el, text, rect, seen }) => {
        const out = seen && !seen.empty && (seen.right > inside.right + 1.5 || seen.left < inside.left - 1.5);
        if (!out && !seen?.cutBy) return [];
        if (el.closest(may)) return [];
        const box = seen.cutBy?.getBoundingClientRect() ?? inside;
        return [
          `${nameOf(host)}: ${out ? "sticks out" : "cut"} ${JSON.stringify(text)} ${Math.round(rect.left)}-${Math.round(rect.right)}x${Math.round(rect.top)}-${Math.round(rect.bottom)} of ${Math.round(box.left)}-${Math.round(box.right)}x${Math.round(box.top)}-${Math.round(box.bottom)} in ${where(el)}`,
        ];
      });
    });

  /** Pieces of text that lie on each other. */
  const overlapping = (but) =>
    hosts().flatMap((host) => {
      const all = texts(host)
        .filter(({ el, seen }) => seen && !seen.empty && !el.closest(but))
        .sort((a, b) => a.seen.top - b.seen.top);
      const found = [];
      for (let i = 0; i < all.length; i++)
        for (let j = i + 1; j < all.length && all[j].seen.top < all[i].seen.bottom; j++) {
          const [a, b] = [all[i].seen, all[j].seen];
          const x = Math.min(a.right, b.right) - Math.max(a.left, b.left);
          const y = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
          if (x > 1.5 && y > 4)
            found.push(
              `${nameOf(host)}: ${JSON.stringify(all[i].text)} and ${JSON.stringify(all[j].text)} in ${where(all[j].el)}`,
            );
        }
      return found;
    });

  const TARGETS =
    "a[href], button, input, select, textarea, summary, [role=option], [role=gridcell], [role=slider], [role=columnheader], [role=rowheader], [role=button], .chip";

  /** Where a pointer hits: a label or a line may be larger than what it works on. */
  const hit = (el) => {
    const whole =
      el.closest("label") ??
      (el.matches(".m-list button") ? el.closest("tr") : null) ??
      el.closest(".slices tbody tr, .e-row");
    return (
      el.matches("[role=slider]") ? (el.querySelector(".hit") ?? el) : (whole ?? el)
    ).getBoundingClientRect();
  };

  /** Targets of less than 24 x 24 pixels whose circle of 24 pixels meets another target, or its circle. */
  const small = (but) =>
    hosts().flatMap((host) => {
      const all = new Map();
      for (const el of host.shadowRoot.querySelectorAll(TARGETS)) {
        if (hiddenFrom(el) || el.closest(but) || el.closest("[aria-hidden=true]")) continue;
        const { left, top, width, height } = hit(el);
        const seen = shown(el, hit(el));
        if (!width || !height || !seen || seen.empty) continue;
        all.set(`${left} ${top} ${width} ${height}`, {
          el,
          left,
          top,
          width,
          height,
          x: left + width / 2,
          y: top + height / 2,
        });
      }
      const boxes = [...all.values()];
      const isSmall = (b) => b.width < 23.9 || b.height < 23.9;
      const far = (b, x, y) =>
        Math.hypot(
          Math.max(b.left - x, 0, x - b.left - b.width),
          Math.max(b.top - y, 0, y - b.top - b.height),
        );
      return boxes.filter(isSmall).flatMap((b) => {
        const hurt = boxes.find(
          (o) =>
            o !== b &&
            !b.el.contains(o.el) &&
            (far(o, b.x, b.y) < 11.9 || (isSmall(o) && Math.hypot(o.x - b.x, o.y - b.y) < 23.9)),
        );
        return hurt
          ? [
              `${nameOf(host)}: ${Math.round(b.width)}x${Math.round(b.height)} ${where(b.el)} ${JSON.stringify((b.el.getAttribute("aria-label") ?? b.el.textContent).slice(0, 40))} by ${where(hurt.el)}`,
            ]
          : [];
      });
    });

  const LOOK = [
    "outlineStyle",
    "outlineWidth",
    "borderTopWidth",
    "borderTopStyle",
    "borderBottomWidth",
    "borderBottomStyle",
    "textDecorationLine",
    "fontWeight",
    "opacity",
    "stroke",
    "strokeWidth",
    "fill",
  ];

  /** How an element stands out where backgrounds are taken away: by lines, by the weight of its text, by what is drawn. */
  const standsOut = (el) =>
    [el, ...el.querySelectorAll("*")]
      .flatMap((at) => {
        const style = getComputedStyle(at);
        return LOOK.map((name) => style[name]).concat(getComputedStyle(at, "::before").content);
      })
      .join();

  /** What is selected or pressed and looks like what is not. `but`: what is marked by something that lies over it. */
  const unmarked = (but) =>
    hosts().flatMap((host) =>
      ["aria-selected", "aria-pressed"].flatMap((state) =>
        [...host.shadowRoot.querySelectorAll(`[${state}=true]`)].flatMap((el) => {
          if (hiddenFrom(el) || el.closest(but)) return [];
          const like = `${el.tagName}.${(el.getAttribute("class") ?? "").split(" ")[0]}`.replace(/\.$/, "");
          const peers = hosts()
            .flatMap((h) => [...h.shadowRoot.querySelectorAll(`${like}[${state}=false]`)])
            .filter((p) => !hiddenFrom(p));
          const own = el.closest("section");
          const peer = peers.find((p) => own?.contains(p)) ?? peers[0];
          if (!peer) return [`${nameOf(host)}: nothing to compare with ${where(el)}`];
          return standsOut(el) === standsOut(peer)
            ? [`${nameOf(host)}: ${state} ${where(el)} ${JSON.stringify(el.textContent.slice(0, 30))}`]
            : [];
        }),
      ),
    );

  let painted = [];
  const colored = (el) => {
    const { backgroundColor, backgroundImage, borderTopWidth, borderTopColor } = getComputedStyle(el);
    const back = getComputedStyle(document.body).backgroundColor;
    const seen = (color) => color !== back && !/rgba\(.*, 0\)|\/ 0\)|transparent/.test(color);
    return (
      seen(backgroundColor) ||
      backgroundImage !== "none" ||
      (borderTopWidth !== "0px" && seen(borderTopColor))
    );
  };

  /** Remember what has no text and is seen by its background alone: bars, keys, marks. */
  const remember = () => {
    painted = hosts().flatMap((host) =>
      [...host.shadowRoot.querySelectorAll("span, div, i, td")].filter(
        (el) =>
          !el.textContent &&
          !el.childElementCount &&
          !hiddenFrom(el) &&
          el.offsetWidth > 1 &&
          el.offsetHeight > 1 &&
          colored(el),
      ),
    );
    return painted.length;
  };

  /** What of it is no longer seen. */
  const vanished = () =>
    painted
      .filter((el) => el.isConnected && !colored(el))
      .map((el) => `${nameOf(el.getRootNode().host)}: ${where(el)}`);

  const counted = () => hosts().flatMap((host) => [...host.shadowRoot.querySelectorAll(TARGETS)]).length;

  /** What moves by itself. */
  const moving = () =>
    hosts().flatMap((host) =>
      host.shadowRoot
        .getAnimations()
        .map((a) => `${nameOf(host)}: ${a.animationName ?? a.transitionProperty} ${where(a.effect.target)}`),
    );

  /** Boxes that are wider than the page lets them be. */
  const wide = () => {
    const most = document.documentElement.clientWidth;
    const page =
      document.documentElement.scrollWidth > most
        ? [`the page is ${document.documentElement.scrollWidth} wide`]
        : [];
    return page.concat(
      hosts().flatMap((host) =>
        [...host.shadowRoot.querySelectorAll("*")].flatMap((el) => {
          const box = el.getBoundingClientRect();
          const sideways =
            /auto|scroll/.test(getComputedStyle(el).overflowX) && !el.matches(".m-box, .e-grid");
          if ((sideways || el.matches(".e-in")) && el.scrollWidth > el.clientWidth + 1)
            return [
              `${nameOf(host)}: scrolls sideways, ${el.scrollWidth} in ${el.clientWidth}, ${where(el)}`,
            ];
          const seen = box.width && box.height && !hiddenFrom(el) && shown(el, box);
          return seen && !seen.empty && !seen.cutBy && seen.right > most + 0.5
            ? [`${nameOf(host)}: to ${Math.round(seen.right)} ${where(el)}`]
            : [];
        }),
      ),
    );
  };

  window.probe = {
    cut,
    overlapping,
    small,
    moving,
    wide,
    unmarked,
    remember,
    vanished,
    counted,
    hosts,
    where,
    nameOf,
    texts,
  };
})();
