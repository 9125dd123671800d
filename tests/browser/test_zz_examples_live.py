import pytest
from pathlib import Path
pytestmark = pytest.mark.browser
ROOT="/work/main"
MAKE = f"import sys; sys.path.insert(0, {ROOT!r})\nfrom tests.browser.gallery import spam\nev = spam()"
def test_live(jupyterlab):
    lab = jupyterlab.open([MAKE, "ev", "ev.examples()"]).run_all()
    out = lab.cell_output(2)
    out.locator(".e-row").nth(3).wait_for()
    lab.page.wait_for_timeout(500)
    out.locator(".e-search input").fill("free")
    lab.page.wait_for_timeout(1000)
    out.locator(".e-row .e-text").nth(2).click()
    lab.page.wait_for_timeout(600)
    lab.page.screenshot(path="/tmp/harness/lab.png")
    print(lab.execute("ev.selection.code()"))
    lab.shutdown_kernel()
    lab.page.wait_for_timeout(600)
    lab.page.screenshot(path="/tmp/harness/lab2.png")
