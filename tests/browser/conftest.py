"""Fixtures that show notebooks in real hosts.

A test asks for a host, opens a notebook in it, and clicks::

    @pytest.mark.browser
    def test_a_click_reaches_python(jupyterlab):
        lab = jupyterlab.open(["import offdiagonal as od\\nev = ...", "ev.confusion()", "ev.examples()"])
        lab.run_all()
        lab.cell_output(1).get_by_role("gridcell", name="label ham, predicted spam").click()
        lab.wait_value("len(ev.selection)", 12)

Every page reaches 127.0.0.1 only (``new_page(offline=True)``: nothing). A request to anywhere else, a console
error or an uncaught exception fails the test at its end, unless the test said
``guard.allow_request(pattern)`` or ``guard.allow_error(pattern)``. A test that fails leaves pictures of its
pages in build/browser/.

Use ``page.wait_for_timeout``, never ``time.sleep``: the browser's events are handled in between. Playwright's
event loop runs in this thread until the session ends, so what calls ``asyncio.run`` belongs in a subprocess.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Generator, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.browser.everything import PROBE, write_everything
from tests.browser.hosts.chromium import NBCONVERT, Guard, Look, launch, new_context, open_file
from tests.browser.hosts.files import export
from tests.browser.hosts.jupyter import JupyterServer
from tests.browser.hosts.lab import Jupyter
from tests.browser.hosts.marimo import Marimo, start_marimo

PICTURES = Path(__file__).resolve().parents[2] / "build" / "browser"
FAILED = pytest.StashKey[bool]()
SLOW_FILES = (
    "test_attacks",
    "test_themes",
    "test_lives",
    "test_containers",
    "test_exports",
    "test_tour",
    "test_accessibility",
    "test_examples",
)
"""Those that take longest, in the order in which processes get them."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Start with the files that take longest: nothing is left to wait for at the end."""
    order = {name: number for number, name in enumerate(SLOW_FILES)}
    items.sort(key=lambda item: order.get(item.path.stem, len(order)))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Remember that a test failed, for the pictures."""
    report = yield
    if report.failed:
        item.stash[FAILED] = True
    return report


@pytest.fixture(scope="session")
def chromium(chromium_path: str | None) -> Iterator[Browser]:
    """Start the browser, once for all tests."""
    with sync_playwright() as playwright:
        browser = launch(playwright, chromium_path)
        yield browser
        browser.close()


@pytest.fixture
def guard() -> Iterator[Guard]:
    """What the pages asked for and complained about; fails the test when that is not allowed."""
    found = Guard()
    yield found
    found.check()


@pytest.fixture
def new_page(
    chromium: Browser, guard: Guard, request: pytest.FixtureRequest
) -> Iterator[Callable[..., Page]]:
    """Open a page in a context of its own: ``new_page(Look(theme="dark"), offline=False)``."""
    contexts: list[BrowserContext] = []

    def new(look: Look | None = None, offline: bool = False) -> Page:
        contexts.append(new_context(chromium, guard, look or Look(), offline))
        return contexts[-1].new_page()

    yield new
    guard.end()
    pages = [page for context in contexts for page in context.pages if not page.is_closed()]
    if request.node.stash.get(FAILED, False):
        PICTURES.mkdir(parents=True, exist_ok=True)
        name = re.sub(r"\W+", "-", request.node.name)
        for number, page in enumerate(pages):
            page.screenshot(path=PICTURES / f"{name}-{number}.png", timeout=5000)
    for context in contexts:
        context.close()


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    """Return an empty page, light."""
    return new_page()


@pytest.fixture
def offline_page(new_page: Callable[..., Page]) -> Page:
    """Return an empty page whose every network request is refused, for files."""
    return new_page(offline=True)


@pytest.fixture(scope="session")
def everything(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of every view, saved; processes share it."""
    folder = tmp_path_factory.getbasetemp()
    path = (folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder) / "everything.html"
    if not path.exists():
        write_everything(path.with_suffix(f".{os.getpid()}")).replace(path)
    return path


@pytest.fixture(scope="module")
def all_views(chromium: Browser, everything: Path) -> Iterator[Page]:
    """A page of every view that the tests of a file share, light and 1000 px wide: who changes it changes it back."""
    watching = Guard()
    context = new_context(chromium, watching, Look(width=1000), offline=True)
    page = open_file(context.new_page(), everything)
    page.locator("[data-case=dataset] .od .e-row").first.wait_for()
    page.evaluate(PROBE.read_text("utf-8"))
    yield page
    watching.check()
    context.close()


@pytest.fixture(scope="session")
def lab_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[JupyterServer]:
    """Start JupyterLab, once for all tests."""
    yield from _serve(JupyterServer("lab", tmp_path_factory.mktemp("lab")))


@pytest.fixture(scope="session")
def notebook_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[JupyterServer]:
    """Start Notebook 7, once for all tests."""
    yield from _serve(JupyterServer("notebook", tmp_path_factory.mktemp("notebook7")))


@pytest.fixture
def jupyterlab(lab_server: JupyterServer, new_page: Callable[..., Page], guard: Guard) -> Iterator[Jupyter]:
    """Open notebooks in JupyterLab."""
    yield from _jupyter(lab_server, new_page, guard)


@pytest.fixture
def notebook7(
    notebook_server: JupyterServer, new_page: Callable[..., Page], guard: Guard
) -> Iterator[Jupyter]:
    """Open notebooks in Notebook 7."""
    yield from _jupyter(notebook_server, new_page, guard)


@pytest.fixture
def marimo_app(
    new_page: Callable[..., Page], guard: Guard, tmp_path: Path
) -> Iterator[Callable[..., Marimo]]:
    """Open a marimo notebook, a file's text or cells: ``marimo_app(source, mode="run")``, or ``"edit"``."""
    opened: list[Marimo] = []

    def start(source, mode="run", look: Look | None = None) -> Marimo:
        folder = tmp_path / f"marimo-{len(opened)}"
        folder.mkdir()
        server, path = start_marimo(source, folder, mode)
        opened.append(Marimo(server, new_page(look), path))
        return opened[-1].open()

    yield start
    guard.end()
    for app in opened:
        app.server.stop()


@pytest.fixture
def exported(tmp_path: Path, guard: Guard) -> Callable[..., Path]:
    """Export with nbconvert: ``exported(notebook or cells, to="html", execute=False, options=[])``."""
    count = iter(range(100))

    def run(book, to="html", execute: bool = False, options=()) -> Path:
        guard.allow_request(NBCONVERT)
        guard.allow_error(r"^uncaught: .*\b(require|requirejs|MathJax) is not defined")
        folder = tmp_path / f"export-{next(count)}"
        folder.mkdir()
        return export(book, folder, to, execute, options)

    return run


def _serve(server: JupyterServer) -> Iterator[JupyterServer]:
    try:
        server.wait()
        yield server
    finally:
        server.stop()


def _jupyter(server: JupyterServer, new_page: Callable[..., Page], guard: Guard) -> Iterator[Jupyter]:
    host = Jupyter(server, new_page, guard)
    yield host
    guard.end()
    host.shut_down()
