"""The tour: ``python tools/demo.py`` opens it in JupyterLab, with ``--no-screen`` it writes build/tour.html.

It needs Python 3.11 or later and nothing else: offdiagonal and JupyterLab are installed into build/venv.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import environment

TOUR = environment.ROOT / "notebooks" / "tour.ipynb"
PAGE = environment.BUILD / "tour.html"


def show() -> int:
    """Open the tour in JupyterLab, which opens the browser; ends with Ctrl-C."""
    root = ["--allow-root"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    return environment.call(environment.python(), "-m", "jupyterlab", *root, TOUR, keyboard=True)


def write() -> int:
    """Run the tour and write it as one page."""
    arguments = ["--to", "html", "--execute", "--output-dir", str(PAGE.parent), "--output", PAGE.stem]
    status = environment.call(environment.python(), "-m", "nbconvert", *arguments, TOUR, limit=600)
    if status == 0:
        print(f"wrote {PAGE.relative_to(environment.ROOT)}")
    return status


def main() -> int:
    """Install what the tour needs, then show or write it."""
    parser = argparse.ArgumentParser(description="Open the tour notebook in JupyterLab.")
    parser.add_argument("--no-screen", action="store_true", help="run it and write build/tour.html instead")
    options = parser.parse_args()
    try:
        environment.prepare("demo")
    except environment.SetupError as error:
        print(error)
        return 1
    if environment.call(environment.python(), "tools/frontend.py", "build") != 0:
        return 1
    return write() if options.no_screen else show()


if __name__ == "__main__":
    environment.start()
    sys.exit(main())
