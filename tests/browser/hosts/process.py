"""Servers as child processes: own home, free port, clear time limits, gone at the end whatever happens."""

from __future__ import annotations

import atexit
import ctypes
import itertools
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[3] / "src"


_ports = itertools.count(os.getpid() * 7)
"""Processes that run tests side by side begin at different ports."""


def free_port() -> int:
    """Return a port of 127.0.0.1 that nothing listens on, below those that systems hand out by themselves."""
    for number in _ports:
        port = 10_000 + number % 20_000
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise AssertionError("endless")


def environment(home: Path) -> dict[str, str]:
    """Return the variables of a process that must neither see nor change the user's own settings."""
    home.mkdir(parents=True, exist_ok=True)
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("JUPYTER", "IPYTHON", "MARIMO", "XDG_", "PYTEST", "ANYWIDGET"))
        and name.lower() not in {"http_proxy", "https_proxy", "all_proxy", "no_proxy"}
    }
    paths = [str(SOURCE), *filter(None, [os.environ.get("PYTHONPATH")])]
    own = {
        "HOME": home,
        "XDG_CONFIG_HOME": home / "config",
        "XDG_CACHE_HOME": home / "cache",
        "XDG_DATA_HOME": home / "share",
        "XDG_STATE_HOME": home / "state",
        "IPYTHONDIR": home / "ipython",
        "JUPYTER_CONFIG_DIR": home / "jupyter" / "config",
        "JUPYTER_DATA_DIR": home / "jupyter" / "data",
        "JUPYTER_RUNTIME_DIR": home / "jupyter" / "runtime",
        "JUPYTER_PREFER_ENV_PATH": "0",  # its own kernel specification, not the environment's
        "JUPYTERLAB_SETTINGS_DIR": home / "jupyter" / "settings",
        "JUPYTERLAB_WORKSPACES_DIR": home / "jupyter" / "workspaces",
        "PYTHONPATH": os.pathsep.join(paths),
        "PYTHONUNBUFFERED": "1",
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    }
    return kept | {name: str(value) for name, value in own.items()}


class Server:
    """A child process that answers HTTP on 127.0.0.1.

    Parameters
    ----------
    command
        What runs, after the Python interpreter: ``["-m", "jupyterlab", ...]``; ``{port}`` is filled in.
    folder
        Its working folder; the log is written there.
    """

    def __init__(self, command: list[str], folder: Path, env: dict[str, str]) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = folder / "server.log"
        self._name = " ".join(command[:3])
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, *(part.replace("{port}", str(self.port)) for part in command)],
                cwd=folder,
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=_die_with_parent if sys.platform == "linux" else None,  # noqa: PLW1509 - one system call
            )
        atexit.register(self.stop)

    def wait(self, path: str, seconds: float = 40) -> None:
        """Wait until the server answers at a path; its log is in the message when it does not."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if self._process.poll() is not None:
                raise RuntimeError(f"{self._name} ended with {self._process.returncode}:\n{self.tail()}")
            try:
                with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(
                    self.url + path, timeout=5
                ):
                    return
            except (urllib.error.URLError, OSError):
                time.sleep(0.05)
        raise TimeoutError(f"{self._name} does not answer at {path} after {seconds:.0f} s:\n{self.tail()}")

    def tail(self, lines: int = 30) -> str:
        """Return the end of the log."""
        return "\n".join(self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])

    def stop(self) -> None:
        """End the process and its group: politely, then not."""
        atexit.unregister(self.stop)
        for number, seconds in ((signal.SIGTERM, 6), (signal.SIGKILL, 6)):
            if self._process.poll() is not None and number is signal.SIGTERM:
                continue
            try:
                os.killpg(self._process.pid, number)
            except (ProcessLookupError, PermissionError):
                return
            try:
                self._process.wait(seconds)
            except subprocess.TimeoutExpired:
                continue


def run(command: list[str], folder: Path, env: dict[str, str], seconds: float = 90) -> str:
    """Run a Python command line to its end and return what it printed; what went wrong is in the message."""
    name = " ".join(command[:4])
    try:
        done = subprocess.run(
            [sys.executable, *command],
            cwd=folder,
            env=env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise TimeoutError(f"{name} has not ended after {seconds:.0f} s") from error
    if done.returncode:
        raise RuntimeError(f"{name} ended with {done.returncode}:\n{done.stderr[-4000:]}")
    return done.stdout


def _die_with_parent() -> None:
    """Have Linux end this process when pytest is killed (PR_SET_PDEATHSIG); its kernels then end themselves."""
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)
