"""A real Jupyter server, JupyterLab's or Notebook 7's, with a home, a folder and settings of its own."""

from __future__ import annotations

import json
import sys
import urllib.request
from pathlib import Path
from typing import Any, Literal

from nbformat import NotebookNode
from nbformat.sign import NotebookNotary

from tests.browser.hosts.process import Server, environment

Kind = Literal["lab", "notebook"]
SETTINGS = {
    "@jupyterlab/apputils-extension:notification": {
        "checkForUpdates": False,
        "fetchNews": "false",
        "doNotDisturbMode": True,
    },
    # The theme of the browser's context is the theme of the notebook.
    "@jupyterlab/apputils-extension:themes": {"adaptive-theme": True},
    "@jupyterlab/docmanager-extension:plugin": {"autosave": False},
    "@jupyterlab/codemirror-extension:plugin": {"defaultConfig": {"cursorBlinkRate": 0}},
}
OPTIONS = [
    "--no-browser",
    "--allow-root",
    "--ip=127.0.0.1",
    "--port={port}",
    "--ServerApp.port_retries=0",
    "--IdentityProvider.token=",
    "--ServerApp.disable_check_xsrf=True",
    "--ServerApp.terminals_enabled=False",
    "--ServerApp.allow_unauthenticated_access=True",
    "--LanguageServerManager.autodetect=False",
    "--LabApp.extension_manager=readonly",
    "--LabApp.news_url=",
    "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    "--KernelManager.shutdown_wait_time=1",
]
APPS: dict[Kind, list[str]] = {
    "lab": ["-m", "jupyterlab", "--LabApp.expose_app_in_browser=True"],
    "notebook": ["-m", "notebook", "--JupyterNotebookApp.expose_app_in_browser=True"],
}


class JupyterServer:
    """One server for the whole session.

    Attributes
    ----------
    root
        The folder of the notebooks.
    url
        Where it answers.
    """

    def __init__(self, kind: Kind, folder: Path) -> None:
        self.kind = kind
        self.root = folder / "notebooks"
        self.root.mkdir(parents=True)
        self._jupyter = folder / "home" / "jupyter"
        env = environment(folder / "home")
        _write_json(self._jupyter / "config" / "labconfig" / "default_setting_overrides.json", SETTINGS)
        _write_json(
            self._jupyter / "data" / "kernels" / "python3" / "kernel.json",
            {
                "argv": [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
                "display_name": "Python 3",
                "language": "python",
                "metadata": {"debugger": False},
            },
        )
        self.server = Server([*APPS[kind], *OPTIONS, f"--ServerApp.root_dir={self.root}"], folder, env)
        self.url = self.server.url

    def wait(self) -> None:
        """Wait until it answers."""
        self.server.wait("/api/status")

    def stop(self) -> None:
        """End it and its kernels."""
        self.server.stop()

    def kernels(self, path: str | None = None) -> dict[str, str]:
        """Return kernel ids by session id, of all notebooks or of one."""
        sessions = self._api("GET", "/api/sessions")
        return {s["id"]: s["kernel"]["id"] for s in sessions if path in (None, s["path"])}

    def shut_down_kernels(self, path: str | None = None) -> None:
        """End the kernels, of all notebooks or of one."""
        for session in self.kernels(path):
            self._api("DELETE", f"/api/sessions/{session}")

    def start_kernel(self, path: str) -> None:
        """Start the kernel of a notebook, or find it running; it starts while the page is still loading."""
        session = {"path": path, "name": path, "type": "notebook", "kernel": {"name": "python3"}}
        self._api("POST", "/api/sessions", session)

    def connection(self, kernel: str) -> Path:
        """Return the connection file of a kernel."""
        return self._jupyter / "runtime" / f"kernel-{kernel}.json"

    def trust(self, book: NotebookNode, trusted: bool) -> None:
        """Sign what a notebook holds, or take the signature back, as ``jupyter trust`` does."""
        notary = NotebookNotary(data_dir=str(self._jupyter / "data"))
        try:
            (notary.sign if trusted else notary.unsign)(book)
        finally:
            notary.store.close()

    def _api(self, method: str, path: str, body: object = None) -> Any:
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        sent = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(
            self.url + path, sent, {"Content-Type": "application/json"}, method=method
        )
        with opener.open(request, timeout=20) as answer:
            text = answer.read()
        return json.loads(text) if text else None


def _write_json(path: Path, content: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content), encoding="utf-8")
