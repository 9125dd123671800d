"""The browser: contexts that reach 127.0.0.1 only, and a guard that remembers what went wrong in them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Playwright, WebError

ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-features=Translate,OptimizationHints,MediaRouter",
    # Whatever is not on this machine goes to a proxy that nobody runs: refused, without a round trip.
    "--proxy-server=http://127.0.0.1:1",
    "--proxy-bypass-list=127.0.0.1",
]
LOCAL = re.compile(r"^(https?|wss?)://127\.0\.0\.1[:/]|^(data|blob|file|about|chrome-error|devtools):")
NOT_NETWORK = re.compile(r"^(data|blob|file|about|chrome-error):")
# The template of nbconvert asks for these; without a network it does without them.
NBCONVERT = r"https://(cdnjs\.cloudflare\.com|unpkg\.com|cdn\.jsdelivr\.net)/"
SECONDS = 15


@dataclass(frozen=True)
class Look:
    """What a reader's system asks pages for."""

    theme: Literal["light", "dark"] = "light"
    forced_colors: bool = False
    reduced_motion: bool = False
    width: int = 1400
    height: int = 1000
    scale: float = 1


LOOKS = {
    "light": Look(theme="light"),
    "dark": Look(theme="dark"),
    "contrast": Look(forced_colors=True),
    "narrow": Look(width=400),
}


@dataclass
class Guard:
    """What the pages of one test asked for and complained about.

    Attributes
    ----------
    refused
        Addresses that were asked for and refused.
    errors
        Console errors and uncaught exceptions.
    messages
        Every console message, for tests that look for one.
    """

    refused: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)
    _requests: list[str] = field(default_factory=list)
    _errors: list[str] = field(default_factory=list)
    _contexts: list[BrowserContext] = field(default_factory=list)
    _ended: bool = False

    def allow_request(self, pattern: str) -> None:
        """Let a test pass although addresses that match the pattern were asked for; they stay refused."""
        self._requests.append(pattern)

    def allow_error(self, pattern: str) -> None:
        """Let a test pass although errors that match the pattern were reported."""
        self._errors.append(pattern)

    def complaints(self) -> list[str]:
        """Return what is not allowed."""
        return [
            *(f"asked for {url[:300]}" for url in self.refused if not _matches(self._requests, url)),
            *(error[:2000] for error in self.errors if not _matches(self._errors, error)),
        ]

    def check(self) -> None:
        """Fail when there is something that is not allowed."""
        complaints = self.complaints()
        assert not complaints, "in the browser:\n" + "\n".join(complaints)

    def end(self) -> None:
        """Hear what is still on its way, then stop listening: hosts that go down upset their pages."""
        pages = [page for context in self._contexts for page in context.pages if not page.is_closed()]
        if pages and not self._ended:
            pages[0].wait_for_timeout(30)
        self._ended = True

    def watch(self, context: BrowserContext, local: re.Pattern[str] = LOCAL) -> None:
        """Remember requests and errors of all pages of a context."""
        self._contexts.append(context)

        def requested(url: str) -> None:
            if not self._ended and not local.match(url):
                self.refused.append(url)

        def said(message: ConsoleMessage) -> None:
            if self._ended:
                return
            where = message.location.get("url", "")
            self.messages.append(f"{message.type}: {message.text}")
            refused = "net::ERR_" in message.text and not local.match(where)
            if message.type == "error" and not refused:  # a refused address is reported once, by the request
                self.errors.append(f"console error at {where}: {message.text}")

        def thrown(error: WebError) -> None:
            if not self._ended:
                self.errors.append(f"uncaught: {error.error.stack or error.error.message}")

        def opened(page: Page) -> None:
            page.on("websocket", lambda socket: requested(socket.url))

        context.on("request", lambda request: requested(request.url))
        context.on("console", said)
        context.on("weberror", thrown)
        context.on("page", opened)


def launch(playwright: Playwright, executable: str | None) -> Browser:
    """Start a browser; None stands for Playwright's own."""
    if executable is None and not Path(playwright.chromium.executable_path).exists():
        raise RuntimeError(
            "no browser: `apt-get install chromium`, or install Chrome, or run `playwright install chromium`"
        )
    return playwright.chromium.launch(executable_path=executable, args=ARGS)


def new_context(browser: Browser, guard: Guard, look: Look, offline: bool = False) -> BrowserContext:
    """Open a context that looks as asked for and is watched.

    Parameters
    ----------
    offline
        Refuse and record 127.0.0.1 as well.
    """
    context = browser.new_context(
        viewport={"width": look.width, "height": look.height},
        device_scale_factor=look.scale,
        color_scheme=look.theme,
        forced_colors="active" if look.forced_colors else "none",
        reduced_motion="reduce" if look.reduced_motion else "no-preference",
        offline=offline,
        accept_downloads=True,
        locale="en-GB",
        timezone_id="UTC",
    )
    context.set_default_timeout(SECONDS * 1000)
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    guard.watch(context, NOT_NETWORK if offline else LOCAL)
    return context


def open_file(page: Page, path: Path) -> Page:
    """Open a file and wait until it is loaded. Use a page of `offline` contexts."""
    page.goto(path.resolve().as_uri(), wait_until="load")
    return page


def wait_until(page: Page, done: Callable[[], object], what: str, seconds: float = SECONDS) -> None:
    """Wait for a condition in Python while the pages go on.

    Parameters
    ----------
    what
        What is waited for, for the message.
    """
    waited = 0.0
    while not done():
        if waited > seconds:
            raise TimeoutError(f"{what}: not after {seconds:.0f} s")
        page.wait_for_timeout(20)
        waited += 0.02


def _matches(patterns: list[str], text: str) -> bool:
    return any(re.search(pattern, text) for pattern in patterns)
