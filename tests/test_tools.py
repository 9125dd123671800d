"""The project's own tools: each rule of tools/imports.py finds what it is meant to find."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest


def load(root: Path, name: str) -> ModuleType:
    path = root / "tools" / f"{name}.py"
    spec = importlib.util.spec_from_file_location(f"tools_{name}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def imports(root: Path) -> ModuleType:
    return load(root, "imports")


@pytest.fixture
def planted(imports: ModuleType, tmp_path: Path) -> Callable[[str, str], list[str]]:
    """Violations found in a project of one file, without its path."""

    def find(name: str, text: str) -> list[str]:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        return [line.removeprefix(f"{name}:") for line in imports.violations(tmp_path)]

    return find


def test_the_project_keeps_its_own_rules(imports: ModuleType, root: Path) -> None:
    assert imports.violations(root) == []


PYTHON = [
    (
        "table/x.py",
        "from offdiagonal.counts.tiles import Tile",
        "1: table imports counts, which is not before it",
    ),
    ("table/x.py", "from offdiagonal import views", "1: table imports views, which is not before it"),
    (
        "table/x.py",
        "from offdiagonal import Evaluation",
        "1: table imports Evaluation, which is not before it",
    ),
    (
        "counts/x.py",
        "\nimport offdiagonal.evaluation",
        "2: counts imports evaluation, which is not before it",
    ),
    ("counts/x.py", "import offdiagonal", "1: counts imports __init__, which is not before it"),
    ("counts/x.py", "from ..views import confusion", "1: counts imports views, which is not before it"),
    ("counts/x.py", "from .. import views", "1: counts imports views, which is not before it"),
    (
        "stats/x.py",
        "from offdiagonal.table.meta import Meta",
        "1: stats imports table, which is not before it",
    ),
    ("errors.py", "from offdiagonal.stats import x", "1: errors imports stats, which is not before it"),
    ("views/x.py", "def f():\n    import pandas", "2: views imports pandas: only datasets and table may"),
    (
        "counts/x.py",
        "import importlib\nimportlib.import_module('duckdb')",
        "2: counts imports duckdb: only table may",
    ),
    ("views/x.py", "from IPython.display import display", "1: views imports IPython: only display may"),
    ("extra.py", "", "1: extra has no place in the table of tools/imports.py"),
    ("table/x.py", "y = eval('1')", "1: eval() is banned: text is never run as code"),
    ("table/x.py", "exec('1')", "1: exec() is banned: text is never run as code"),
    (
        "table/x.py",
        "frame.query('a > 1')",
        "1: query() is banned: an expression is never evaluated: use clauses",
    ),
    ("table/x.py", "frame.eval('a')", "1: eval() is banned: an expression is never evaluated: use clauses"),
    ("table/x.py", "import pickle", "1: pickle is banned: unpickling runs code"),
    ("table/x.py", "from joblib import load", "1: joblib is banned: unpickling runs code"),
    ("table/x.py", "import yaml", "1: yaml is banned: nothing reads YAML"),
    ("table/x.py", "from urllib.request import urlopen", "1: urllib is banned: nothing touches the network"),
    ("display/x.py", "import subprocess", "1: subprocess is banned: nothing starts a program"),
    ("table/x.py", "np.load(f, allow_pickle=True)", "1: allow_pickle= is banned: unpickling runs code"),
    (
        "table/x.py",
        "if TYPE_CHECKING:\n    pass\nelse:\n    import pickle",
        "4: pickle is banned: unpickling runs code",
    ),
]


@pytest.mark.parametrize(("name", "text", "expected"), PYTHON)
def test_python_violations_are_found(
    planted: Callable[[str, str], list[str]], name: str, text: str, expected: str
) -> None:
    assert planted(f"src/offdiagonal/{name}", text) == [expected]


JAVASCRIPT = [
    (
        "core/x.ts",
        'import { View } from "../views/view.tsx";',
        "1: core imports views, which is not before it",
    ),
    ("core/x.ts", 'import { type A, b } from "../store/a";', "1: core imports store, which is not before it"),
    ("core/x.ts", 'import "../main";', "1: core imports js/src, which is not before it"),
    ("charts/x.ts", 'export { a } from "../store/a";', "1: charts imports store, which is not before it"),
    ("store/x.ts", 'const a = await import("../views/a");', "1: store imports views, which is not before it"),
    ("views/x.tsx", 'import {\n  a,\n} from "../hosts/a";', "3: views imports hosts, which is not before it"),
    ("extra/x.ts", "", "1: js/src/extra has no place in the table of tools/imports.py"),
    ("core/x.ts", "document.title;", "1: core uses the DOM: document."),
    (
        "hosts/x.ts",
        "/* one\n two */ a.innerHTML = b;",
        "2: innerHTML is banned: data is never parsed as markup",
    ),
    ("hosts/x.ts", "a.outerHTML", "1: outerHTML is banned: data is never parsed as markup"),
    (
        "hosts/x.ts",
        "a.insertAdjacentHTML()",
        "1: insertAdjacentHTML is banned: data is never parsed as markup",
    ),
    ("hosts/x.ts", "document.write(a)", "1: document.write is banned: data is never parsed as markup"),
    ("hosts/x.ts", "new DOMParser()", "1: DOMParser is banned: data is never parsed as markup"),
    ("views/x.tsx", "<iframe srcdoc={a} />", "1: srcdoc is banned: data is never parsed as markup"),
    (
        "views/x.tsx",
        "<p dangerouslySetInnerHTML />",
        "1: dangerouslySetInnerHTML is banned: data is never parsed as markup",
    ),
    ("hosts/x.ts", "eval(a)", "1: eval( is banned: text is never run as code"),
    ("hosts/x.ts", "new Function(a)", "1: new Function is banned: text is never run as code"),
    ("hosts/x.ts", 'globalThis.fetch("a")', "1: globalThis.fetch is banned: nothing is loaded"),
    ("hosts/x.ts", "new WebSocket(a)", "1: WebSocket is banned: nothing is loaded"),
]


@pytest.mark.parametrize(("name", "text", "expected"), JAVASCRIPT)
def test_javascript_violations_are_found(
    planted: Callable[[str, str], list[str]], name: str, text: str, expected: str
) -> None:
    assert planted(f"js/src/{name}", text) == [expected]


ALLOWED = [
    ("src/offdiagonal/table/x.py", "import pandas\nfrom offdiagonal.errors import LabelError\n"),
    ("src/offdiagonal/counts/x.py", "if TYPE_CHECKING:\n    from offdiagonal.evaluation import Evaluation\n"),
    ("src/offdiagonal/views/x.py", "from offdiagonal.stats.intervals import wilson\n"),
    ("src/offdiagonal/evaluation.py", "from offdiagonal.display import widget\n"),
    ("js/src/main.ts", 'import { live } from "./hosts/live";\n'),
    ("js/src/views/x.tsx", 'import { a } from "../core/a";\nimport { b } from "./b";\n'),
    (
        "js/src/core/x.ts",
        '// innerHTML and document.title in a comment\nimport { bisect } from "./bisect";\n',
    ),
]


@pytest.mark.parametrize(("name", "text"), ALLOWED)
def test_what_is_allowed_passes(planted: Callable[[str, str], list[str]], name: str, text: str) -> None:
    assert planted(name, text) == []


def test_bundle_is_stale_until_built_and_after_a_change(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    frontend = load(root, "frontend")
    scripts, bundle = tmp_path / "js", tmp_path / "bundle"
    (scripts / "src" / "core").mkdir(parents=True)
    bundle.mkdir()
    for name in ("build.mjs", "package-lock.json", "package.json", "tsconfig.json", "src/core/a.ts"):
        (scripts / name).write_text(name)
    monkeypatch.setattr(frontend, "JS", scripts)
    monkeypatch.setattr(frontend, "BUNDLE", bundle)

    assert frontend.stale()
    (bundle / "hash.txt").write_text(f"{frontend.source_hash()}\nboard.js\n")
    assert frontend.stale()
    (bundle / "board.js").write_text("")
    assert not frontend.stale()
    (scripts / "src" / "core" / "a.ts").write_text("changed")
    assert frontend.stale()


def test_check_and_demo_start_without_anything_installed(root: Path) -> None:
    for name in ("check", "demo"):
        command = [sys.executable, "-S", "-E", str(root / "tools" / f"{name}.py"), "--help"]
        ran = subprocess.run(command, capture_output=True, text=True, check=True, stdin=subprocess.DEVNULL)
        assert "usage" in ran.stdout
