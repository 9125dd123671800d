"""What the sources never do: data is never parsed as markup, run, loaded, or sent anywhere."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PYTHON = sorted((ROOT / "src").rglob("*.py"))
SCRIPTS = sorted((ROOT / "js" / "src").rglob("*.ts*"))

IN_SCRIPTS = {
    "innerHTML": "el.innerHTML = text",
    "outerHTML": "el.outerHTML += text",
    "insertAdjacentHTML": "el.insertAdjacentHTML('beforeend', text)",
    "document.write": "document.writeln(text)",
    "srcdoc": "<iframe srcdoc={text} />",
    "DOMParser": "new DOMParser()",
    "createContextualFragment": "range.createContextualFragment(text)",
    "setHTML": "el.setHTMLUnsafe(text)",
    "dangerouslySetInnerHTML": "<p dangerouslySetInnerHTML={{ __html: text }} />",
    "eval": "window.eval(text)",
    "Function": "new Function(text)",
    "timers of text": "setTimeout('text', 3)",
    "import of an address": "await import(url)",
    "network": "await fetch(url)",
    "storage": "localStorage.setItem('a', 'b')",
    "addresses": "<a href={text}>x</a>",
    "handlers by name": "el.setAttribute('onclick', text)",
    "elements by name": "document.createElement(name)",
}
"""Rules for the front end, and for each a line that breaks it."""

PATTERNS = {
    "innerHTML": r"\binnerHTML\b",
    "outerHTML": r"\bouterHTML\b",
    "insertAdjacentHTML": r"\binsertAdjacentHTML\b",
    "document.write": r"\bdocument\s*\.\s*write",
    "srcdoc": r"\bsrcdoc\b|<iframe\b|[\"']iframe[\"']",
    "DOMParser": r"\bDOMParser\b|\bXSLTProcessor\b",
    "createContextualFragment": r"\bcreateContextualFragment\b",
    "setHTML": r"\bsetHTML|\bparseHTML",
    "dangerouslySetInnerHTML": r"\bdangerouslySet\w+",
    "eval": r"\beval\b|\bexecScript\b",
    "Function": r"\bFunction\s*\(|\.constructor\s*\(",
    "timers of text": r"\bset(?:Timeout|Interval)\s*\(\s*[\"'`]",
    "import of an address": r"(?<![\w.])import\s*\(",
    "network": r"\bfetch\s*\((?<!#fetch\()|\bXMLHttpRequest\b|\bWebSocket\b|\bEventSource\b|\bsendBeacon\b|\bRTCPeer",
    "storage": r"\blocalStorage\b|\bsessionStorage\b|\bindexedDB\b|\bdocument\s*\.\s*cookie\b",
    "addresses": r"\b(?:href|src|action|formaction|xlinkHref|srcset)=\{|\.(?:href|src|action|srcset)\s*=[^=]",
    "handlers by name": r"\bsetAttribute(?:NS)?\s*\(\s*(?![\"'](?!on|style|src|href))",
    "elements by name": r"\bcreateElement(?:NS)?\s*\(\s*(?![\"'](?!script|iframe|object|embed|link))",
}

IN_PYTHON = {
    "eval and exec": "eval(text)",
    "pickles": "import joblib",
    "yaml": "import yaml",
    "arrays that hold pickles": "np.load(path, allow_pickle=True)",
    "expressions of frames": "frame.query(text)",
    "processes": "import subprocess",
    "network": "from urllib.request import urlopen",
    "modules by name": "importlib.import_module(text)",
    "temporary files": "import tempfile",
    "foreign code": "import ctypes",
    "patterns of the user": "re.search(text, value)",
}
"""Rules for Python, and for each a line that breaks it."""

MODULES = {
    "pickles": {"pickle", "joblib", "cloudpickle", "dill", "marshal", "shelve", "copyreg"},
    "yaml": {"yaml", "ruamel"},
    "processes": {"subprocess", "multiprocessing", "pty", "popen2"},
    "network": {
        "socket",
        "urllib",
        "http",
        "requests",
        "httpx",
        "aiohttp",
        "ftplib",
        "smtplib",
        "ssl",
        "webbrowser",
    },
    "temporary files": {"tempfile"},
    "foreign code": {"ctypes", "cffi", "code", "codeop"},
}
CALLS = {
    "eval and exec": {"eval", "exec", "compile", "__import__", "execfile"},
    "modules by name": {"import_module", "reload", "run_path", "run_module"},
}
METHODS = {
    "expressions of frames": {"query", "eval", "read_pickle", "to_pickle", "read_sql", "read_html"},
    "processes": {"system", "popen", "fork", "posix_spawn", "startfile", "execv", "execve", "spawnv"},
    "modules by name": {"import_module", "run_path", "run_module"},
}
DOCUMENTED = {
    # The names are constants of the same file: the package loads its parts when they are first needed.
    ("modules by name", "src/offdiagonal/__init__.py"),
    # No process is started: one that the user's loop started with multiprocessing says when it ends.
    ("processes", "src/offdiagonal/training/recorder.py"),
    # The word in a pattern of names: eval_loss is what transformers calls the loss of the validation.
    ("eval", "js/src/core/metrics.ts"),
    # An island's own code, whose digest is known, and Vega from the kernel, run as a script element: no policy of a
    # host needs `eval` for it.
    ("elements by name", "js/src/store/inline.ts"),
    # An image of a declared column: PNG re-encoded in Python, and nothing but data:image/png is taken; a sound of one,
    # of a type that Python told by its bytes, and nothing but data:audio is taken.
    ("addresses", "js/src/views/examples-row.tsx"),
    # The picture of a chart that the island holds, which Python drew: nothing but data:image/png is taken.
    ("addresses", "js/src/views/chart-still.tsx"),
    # A download of what the reader sees, at a blob: address made one line before.
    ("addresses", "js/src/views/examples-take.tsx"),
}


def broken_by_script(source: str) -> set[str]:
    """The rules that a piece of TypeScript breaks, its comments aside."""
    code = re.sub(r"/\*.*?\*/|(?<![:\"'`\\])//[^\n]*", "", source, flags=re.DOTALL)
    return {rule for rule, pattern in PATTERNS.items() if re.search(pattern, code)}


def broken_by_python(source: str) -> set[str]:
    """The rules that a piece of Python breaks."""
    return {rule for node in ast.walk(ast.parse(source)) for rule in _broken_by_node(node)}


def _broken_by_node(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import | ast.ImportFrom):
        names = (
            [node.module or ""] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names]
        )
        yield from (rule for rule, found in MODULES.items() if {name.split(".")[0] for name in names} & found)
    if isinstance(node, ast.keyword) and node.arg in {"allow_pickle", "shell"}:
        yield "arrays that hold pickles"
    if not isinstance(node, ast.Call):
        return
    called = node.func
    if isinstance(called, ast.Name):
        yield from (rule for rule, names in CALLS.items() if called.id in names)
    if isinstance(called, ast.Attribute):
        yield from (rule for rule, names in METHODS.items() if called.attr in names)
        of_re = isinstance(called.value, ast.Name) and called.value.id == "re"
        fixed = bool(node.args) and isinstance(node.args[0], ast.Constant | ast.JoinedStr)
        if of_re and called.attr != "escape" and not fixed:
            yield "patterns of the user"


def test_there_are_as_many_rules_as_sinks_and_sources_to_hold_them_against() -> None:
    assert len(IN_SCRIPTS) + len(IN_PYTHON) >= 25
    assert len(PYTHON) > 50
    assert len(SCRIPTS) > 50


@pytest.mark.parametrize("rule", IN_SCRIPTS)
def test_a_line_of_script_that_breaks_a_rule_is_found(rule: str) -> None:
    assert rule in broken_by_script(f"const a = 1 // fine\n{IN_SCRIPTS[rule]}")
    assert not broken_by_script(f"// {IN_SCRIPTS[rule]}\n/* {IN_SCRIPTS[rule]} */ el.textContent = text")


@pytest.mark.parametrize("rule", IN_PYTHON)
def test_a_line_of_python_that_breaks_a_rule_is_found(rule: str) -> None:
    assert rule in broken_by_python(IN_PYTHON[rule])
    assert not broken_by_python(f"# {IN_PYTHON[rule]}\ntext = {IN_PYTHON[rule]!r}")


@pytest.mark.parametrize("path", [*PYTHON, *SCRIPTS], ids=lambda path: str(path.relative_to(ROOT)))
def test_a_source_breaks_no_rule(path: Path) -> None:
    source, name = path.read_text("utf-8"), path.relative_to(ROOT).as_posix()
    broken = broken_by_python(source) if path.suffix == ".py" else broken_by_script(source)
    assert broken - {rule for rule, where in DOCUMENTED if where == name} == set()


@pytest.mark.parametrize(("rule", "name"), sorted(DOCUMENTED))
def test_what_is_excepted_is_there(rule: str, name: str) -> None:
    source = (ROOT / name).read_text("utf-8")
    assert rule in (broken_by_python(source) if name.endswith(".py") else broken_by_script(source))


def test_the_stub_that_a_notebook_stores_breaks_no_rule() -> None:
    for name in ("stub.js", "loader.js"):
        built = (ROOT / "src" / "offdiagonal" / "display" / "bundle" / name).read_text("utf-8")
        assert broken_by_script(built) <= {"elements by name"}
