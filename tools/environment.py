"""The virtual environment in build/venv that ``demo.py`` and ``check.py`` share; standard library only."""

from __future__ import annotations

import ast
import contextlib
import hashlib
import io
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import IO, Any

import frontend

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build"
VENV = BUILD / "venv"
STAMP = VENV / "installed.json"
OLDEST = (3, 11)
NEWEST_TRIED = 14
PINS = {"frameworks": ("torch==2.13.0",)}
"""Of extras: another torch would bring gigabytes for graphics cards along."""
DEBIAN_BROWSERS = ("chromium-headless-shell", "chromium")
"""The first opens a page in a third of the processor time, with the engine of the second."""
DEBIAN_FONTS = "fonts-dejavu-core"
PLACES = ("index-url", "extra-index-url", "find-links")
"""What of pip's own configuration uv is told as well: where packages come from."""
NO_MATTER = {
    "cert",
    "default-timeout",
    "disable-pip-version-check",
    "no-cache-dir",
    "no-input",
    "progress-bar",
    "retries",
    "root-user-action",
    "timeout",
    "user",
}
"""What of it changes nothing of what is installed."""


_apt = threading.Lock()
_running: set[subprocess.Popen[bytes]] = set()
_ended = threading.Event()


class SetupError(RuntimeError):
    """The environment cannot be made; says what to do."""


def scripts() -> Path:
    """The folder of the environment's programs."""
    return VENV / ("Scripts" if os.name == "nt" else "bin")


def python() -> Path:
    """The environment's Python."""
    return scripts() / ("python.exe" if os.name == "nt" else "python")


def variables() -> dict[str, str]:
    """What commands in the environment see: nothing of another Python of the user's."""
    own = {key: value for key, value in os.environ.items() if key not in {"PYTHONHOME", "PYTHONPATH"}}
    if not sys.stdout.isatty():
        own["NO_COLOR"] = "1"
    return {
        **own,
        "JUPYTER_PREFER_ENV_PATH": "1",
        "PATH": os.pathsep.join([str(scripts()), os.environ.get("PATH", "")]),
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PIP_USER": "0",
        "PYTHONNOUSERSITE": "1",
        "VIRTUAL_ENV": str(VENV),
    }


def call(
    *command: str | Path,
    limit: float | None = None,
    keyboard: bool = False,
    more: dict[str, str] | None = None,
    output: IO[bytes] | None = None,
) -> int:
    """Run a command in the root and give its exit status.

    `more` are environment variables, `output` is where what it prints goes.
    Past `limit` seconds the command and all that it started are ended, and the status is 124.
    """
    sys.stdout.flush()
    apart = os.name == "posix" and not keyboard  # a session of its own can be ended as a whole
    process = subprocess.Popen(
        [str(part) for part in command],
        cwd=ROOT,
        env={**variables(), **(more or {})},
        stdin=None if keyboard else subprocess.DEVNULL,
        stdout=output,
        stderr=output and subprocess.STDOUT,
        start_new_session=apart,
    )
    _running.add(process)
    try:
        if _ended.is_set():
            return 143
        while True:
            try:
                return process.wait(limit)
            except KeyboardInterrupt:
                if not keyboard:  # else it got the same Ctrl-C and asks what to do
                    raise
    except subprocess.TimeoutExpired:
        said = f"ended after {limit:.0f} seconds\n"
        if output is None:
            print(said, end="", flush=True)
        else:
            output.write(said.encode())
        return 124
    finally:
        if process.poll() is None:
            _end(process, apart)
        _running.discard(process)


def end_all() -> None:
    """End what other threads are running, and let them start nothing more."""
    _ended.set()
    for process in tuple(_running):
        _end(process, os.name == "posix")


def ended() -> bool:
    """Whether all that runs was told to end."""
    return _ended.is_set()


def start() -> None:
    """Go on in the root and in a recent enough Python, or say which one is missing; end cleanly when told to."""
    if sys.version_info < OLDEST:
        for minor in range(NEWEST_TRIED, OLDEST[1] - 1, -1):
            found = shutil.which(f"python3.{minor}")
            if found and _answers(found, "--version"):
                os.execv(found, [found, *sys.argv])
        sys.exit(
            f"offdiagonal needs Python {OLDEST[0]}.{OLDEST[1]} or later; this is {sys.version.split()[0]}."
        )
    os.chdir(ROOT)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # what the output cannot encode must not end a run
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))


def prepare(*extras: str) -> None:
    """Create the environment and install offdiagonal with `extras`; a second time this installs nothing."""
    state = _installed()
    same = state.get("made from") == _made_from() and state.get("python") == sys.version
    wanted = sorted({*extras, *state.get("extras", [])}) if same else sorted(extras)
    if same and state["extras"] == wanted:
        return
    started = time.monotonic()
    if state.get("python") != sys.version:
        _create()
    names = f".[{','.join(wanted)}]"
    print(f"installing {names} into {VENV.relative_to(ROOT)}; the first time takes minutes", flush=True)
    node = [] if frontend.system_node() else [frontend.NODE_PACKAGE]
    pins = [pin for extra in wanted for pin in PINS.get(extra, ())]
    wishes = ("--editable", names, *pins, *node)
    # no hooks: the front end is a step of its own, whose failure stops nothing else
    unhooked = {"HATCH_BUILD_NO_HOOKS": "true"}
    # not compiled: of what is installed most is never imported, and what is compiles itself
    pip = (python(), "-m", "pip", "install", "--quiet", "--no-compile")
    if not _install_with_uv(wishes, unhooked) and call(*pip, *wishes, more=unhooked) != 0:
        raise SetupError("pip could not install what is needed; its message is above.")
    done = {"python": sys.version, "made from": _made_from(), "extras": wanted}
    STAMP.write_text(json.dumps(done), "utf-8")
    print(f"installed in {time.monotonic() - started:.0f} s", flush=True)


def browser_here() -> str | None:
    """A Chromium or Chrome for the tests, installed where there is none and Debian has one."""
    found = _browser_here()
    if found is None and _can_apt():
        print("installing Debian's Chromium", flush=True)
        any(apt("install", name, DEBIAN_FONTS) == 0 for name in DEBIAN_BROWSERS)
        found = _browser_here()
    return found


def browser(here: str | None) -> str:
    """The browser of the tests: what `browser_here` found, or "" for Playwright's own, which is then fetched."""
    if here is not None:
        return here
    print("fetching Playwright's browser", flush=True)
    if call(python(), "-m", "playwright", "install", "chromium") != 0:
        raise SetupError(
            "The browser tests need Chromium or Chrome, and none could be installed: install one."
        )
    return ""


def apt(verb: str, *packages: str) -> int:
    """Debian's package manager, without questions."""
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    with _apt:
        call("apt-get", "update", "-qq", more=quiet)
        return call("apt-get", verb, "-y", "-qq", "--no-install-recommends", *packages, more=quiet)


def _install_with_uv(wishes: tuple[str, ...], more: dict[str, str]) -> bool:
    """Install what pip would install, in a third of the time; False where that does not work, for pip to say why."""
    told = _pip_settings()
    if told.keys() - {*PLACES, *NO_MATTER} or call(python(), "-m", "pip", "install", "--quiet", "uv") != 0:
        return False
    places = [
        text for name in PLACES for value in told.get(name, "").split() for text in (f"--{name}", value)
    ]
    own = {"SSL_CERT_FILE": told["cert"]} if "cert" in told else {}
    # of all places the newest, as pip takes it
    uv = (python(), "-m", "uv", "pip", "install", "--quiet", "--index-strategy", "unsafe-best-match")
    return call(*uv, "--python", python(), *places, *wishes, more={**own, **more}) == 0


def _pip_settings() -> dict[str, str]:
    """pip's configuration; what the environment says comes before what files say."""
    asked = subprocess.run(
        [python(), "-m", "pip", "config", "list"],
        env=variables(),
        capture_output=True,
        text=True,
        check=False,
    )
    lines = [line.partition("=") for line in asked.stdout.splitlines()]
    lines.sort(key=lambda line: line[0].startswith(":env:"))
    return {name.rpartition(".")[2]: _literal(value) for name, _, value in lines}


def _literal(written: str) -> str:
    """A value as pip writes it: a literal of Python's, in which the lines of a list are joined; else as it stands."""
    try:
        return str(ast.literal_eval(written))
    except (SyntaxError, ValueError):
        return written


def _end(process: subprocess.Popen[bytes], apart: bool) -> None:
    with contextlib.suppress(ProcessLookupError):  # it has ended by itself
        if apart:
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    process.wait()


def _made_from() -> str:
    digest = hashlib.sha256()
    for name in ("pyproject.toml", "hatch_build.py"):
        digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()


def _installed() -> dict[str, Any]:
    """What the stamp says; nothing if the environment is not there or does not work (any longer)."""
    try:
        state: dict[str, Any] = json.loads(STAMP.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return state if _answers(python(), "-m", "pip", "--version") else {}


def _create() -> None:
    print(f"creating {VENV.relative_to(ROOT)}", flush=True)
    shutil.rmtree(VENV, ignore_errors=True)
    create: list[str | Path] = [sys.executable, "-m", "venv", VENV]
    if call(*create) == 0:
        return
    # Debian keeps the part of the standard library that brings pip in a package of its own
    package = f"python3.{sys.version_info.minor}-venv"
    shutil.rmtree(VENV, ignore_errors=True)
    if not (_can_apt() and apt("install", package) == 0 and call(*create) == 0):
        raise SetupError(
            f"This Python cannot make virtual environments. On Debian or Ubuntu: apt install {package}"
        )


def _can_apt() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get") is not None


def _browser_here() -> str | None:
    """A browser that starts: on Ubuntu `chromium` may be a script that asks for a snap."""
    names = (
        *DEBIAN_BROWSERS,
        "google-chrome-stable",
        "google-chrome",
        "chromium-browser",
        "chrome",
        "msedge",
    )
    places = [
        *filter(None, [os.environ.get("OFFDIAGONAL_BROWSER"), *map(shutil.which, names)]),
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
        *(
            str(Path(os.environ[folder], "Google", "Chrome", "Application", "chrome.exe"))
            for folder in ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA")
            if folder in os.environ
        ),
    ]
    for place in places:
        if not Path(place).exists():
            continue
        if os.name == "nt":  # there `chrome.exe --version` opens a window
            return place
        if _answers(place, "--version"):
            return place
    return None


def _answers(*command: str | Path) -> bool:
    try:
        ran = subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return ran.returncode == 0
