"""Real notebook hosts, and imitations of two that cannot run here, for tests in a browser.

``conftest.py`` beside this folder offers them as fixtures; its docstring says how a test is written.
"""

from tests.browser.hosts.chromium import Guard, Look, open_file
from tests.browser.hosts.files import code, export, image_size, markdown, notebook, read, write
from tests.browser.hosts.imitate import imitate_colab, imitate_vscode
from tests.browser.hosts.lab import Jupyter, Lab
from tests.browser.hosts.marimo import Marimo, start_marimo
from tests.browser.hosts.process import Server
from tests.browser.hosts.strip import strip_like_github

__all__ = [
    "Guard",
    "Jupyter",
    "Lab",
    "Look",
    "Marimo",
    "Server",
    "code",
    "export",
    "image_size",
    "imitate_colab",
    "imitate_vscode",
    "markdown",
    "notebook",
    "open_file",
    "read",
    "start_marimo",
    "strip_like_github",
    "write",
]
