"""Checks the direction of imports and looks for banned calls: ``python tools/imports.py``.

The tables below are the rules; docs/architecture.md says why. Imports for type checking alone are free.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = "offdiagonal"

FRONT_DOOR = {
    "__init__",
    "ablation",
    "attention",
    "dataset",
    "evaluation",
    "harness",
    "harness_figures",
    "lasso",
    "learning_curves",
    "learning_figures",
    "linked",
    "measured",
    "run",
    "run_list",
    "run_views",
    "with_run",
}
PYTHON: dict[str, set[str]] = {
    "errors": set(),
    "stats": set(),
    "datasets": set(),
    "table": {"errors"},
    "counts": {"errors", "table"},
    "clauses": {"counts", "errors", "table"},
    "code": {"clauses", "errors", "table"},
    "columns": {"clauses", "errors", "table"},
    "where": {"clauses", "columns", "errors", "table"},
    "splits": {"clauses", "table"},
    "selection": {"clauses", "code", "counts", "errors", "splits", "table", "where"},
    "findings": {"clauses", "errors", "stats"},
    "engine": {"clauses", "counts", "errors", "findings", "splits", "stats", "table"},
    "measures": {"clauses", "engine", "errors", "splits", "stats", "table"},
    "charts": {"clauses", "engine", "errors", "table"},
    "pages": {"clauses", "counts", "engine", "errors", "table"},
    "export": {"engine", "errors", "table"},
    "capacity": {"errors", "findings", "stats"},
    "training": {"errors", "findings", "stats"},
    "views": {"capacity", "counts", "errors", "findings", "stats", "table", "training"},
    "checks": {"clauses", "errors", "findings", "stats", "table", "views"},
}
PYTHON["display"] = set(PYTHON) - {"datasets"}
"""What each module may import besides itself; the front door imports all, and nothing imports it."""

FRAMES = {"dask", "duckdb", "narwhals", "pandas", "polars", "pyarrow", "pyspark"}
NOTEBOOKS = {"IPython", "anywidget", "comm", "ipykernel", "ipywidgets"}
PICTURES = {"altair", "vl_convert"}
OWNERS = {
    **{name: {"table"} for name in FRAMES},
    **{name: {"display"} for name in NOTEBOOKS},
    **{name: {"display", "views"} for name in PICTURES},
    "pandas": {"table", "datasets"},
}
"""Packages that only these modules may import."""

BANNED_MODULES = {
    **dict.fromkeys(("cloudpickle", "dill", "joblib", "marshal", "pickle", "shelve"), "unpickling runs code"),
    **dict.fromkeys(
        ("ftplib", "http", "httpx", "requests", "socket", "urllib"), "nothing touches the network"
    ),
    "subprocess": "nothing starts a program",
    "yaml": "nothing reads YAML",
}
BANNED_NAMES = {
    **dict.fromkeys(("__import__", "compile", "eval", "exec"), "text is never run as code"),
}
BANNED_METHODS = {
    **dict.fromkeys(("eval", "query"), "an expression is never evaluated: use clauses"),
    **dict.fromkeys(("read_pickle", "to_pickle"), "unpickling runs code"),
    **dict.fromkeys(("popen", "system"), "nothing starts a program"),
}
BANNED_KEYWORDS = {"allow_pickle": "unpickling runs code"}

JAVASCRIPT = {
    "core": set(),
    "style": set(),
    "charts": {"core"},
    "store": {"core"},
    "views": {"charts", "core", "store"},
    "families": {"charts", "core", "store", "style", "views"},
    "hosts": {"charts", "core", "store", "style", "views"},
}
"""What each folder of js/src may import besides itself; files at the top may import all."""

CORE_PACKAGES: set[str] = set()
"""Packages without a DOM; none so far."""

BANNED_TEXT = {
    re.compile(
        r"\b(innerHTML|outerHTML|insertAdjacentHTML|srcdoc|DOMParser|dangerouslySetInnerHTML"
        r"|createContextualFragment|setHTMLUnsafe)\b"
    ): "data is never parsed as markup",
    re.compile(r"\bdocument\s*\.\s*write(ln)?\b"): "data is never parsed as markup",
    re.compile(r"\beval\s*\(|\bnew\s+Function\b"): "text is never run as code",
    re.compile(
        r"\b(XMLHttpRequest|WebSocket|EventSource|sendBeacon)\b|\b(window|globalThis|self)\s*\.\s*fetch\b"
    ): "nothing is loaded",  # and of a bare fetch, which may be a method's name, Biome knows what it is
}
DOM = re.compile(r"(?<![\w.$])(document|window|navigator)\s*\.|\bHTML\w*Element\b")
JS_IMPORT = re.compile(r"""(?:\bfrom\s*|\bimport\s*\(?\s*)["']([^"']+)["']""")
JS_TYPES = re.compile(r"""\b(?:import|export)\s+type\b[^;"']*\bfrom\s*["'][^"']+["']""")
JS_COMMENT = re.compile(r"/\*.*?\*/|(?<!\S)//[^\n]*", re.DOTALL)


def violations(root: Path) -> list[str]:
    """All that breaks a rule below `root`, as ``path:line: what``."""
    found = []
    source = root / "src" / PACKAGE
    for path in sorted(source.rglob("*.py")):
        module = path.relative_to(source).parts[0].removesuffix(".py")
        name = path.relative_to(root).as_posix()
        found += [f"{name}:{line}: {what}" for line, what in _python(path, module)]
    scripts = root / "js" / "src"
    for path in sorted(path for path in scripts.rglob("*") if path.suffix in {".ts", ".tsx"}):
        name = path.relative_to(root).as_posix()
        found += [f"{name}:{line}: {what}" for line, what in _javascript(path, scripts)]
    return found


def _python(path: Path, module: str) -> Iterator[tuple[int, str]]:
    if module not in PYTHON and module not in FRONT_DOOR:
        yield 1, f"{module} has no place in the table of tools/imports.py"
        return
    for node in _run_time(ast.parse(path.read_text("utf-8"), str(path))):
        if isinstance(node, ast.Import | ast.ImportFrom):
            for target in _targets(node, path):
                yield from ((node.lineno, what) for what in _import(module, target))
        elif isinstance(node, ast.Call):
            yield from ((node.lineno, what) for what in _call(module, node))


def _run_time(tree: ast.AST) -> Iterator[ast.AST]:
    """All nodes but those under ``if TYPE_CHECKING``."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            for other in node.orelse:
                yield other
                yield from _run_time(other)
            continue
        yield node
        yield from _run_time(node)


def _targets(node: ast.Import | ast.ImportFrom, path: Path) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if node.level:
        parents = path.parts[: -node.level]
        base = ".".join(parents[len(parents) - parents[::-1].index(PACKAGE) - 1 :])
        return [f"{base}.{node.module}"] if node.module else [f"{base}.{alias.name}" for alias in node.names]
    if node.module == PACKAGE:  # `from offdiagonal import x` may mean the module x
        return [f"{PACKAGE}.{alias.name}" for alias in node.names]
    return [node.module or ""]


def _import(module: str, target: str) -> Iterator[str]:
    top, _, rest = target.partition(".")
    if top == PACKAGE:
        other = rest.partition(".")[0] or "__init__"
        if module not in FRONT_DOOR and other not in {module, *PYTHON[module]}:
            yield f"{module} imports {other}, which is not before it"
        return
    if top in BANNED_MODULES:
        yield f"{top} is banned: {BANNED_MODULES[top]}"
    if top in OWNERS and module not in OWNERS[top]:
        yield f"{module} imports {top}: only {' and '.join(sorted(OWNERS[top]))} may"


def _call(module: str, node: ast.Call) -> Iterator[str]:
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    banned = BANNED_METHODS if isinstance(node.func, ast.Attribute) else BANNED_NAMES
    if name in banned:
        yield f"{name}() is banned: {banned[name]}"
    if name == "import_module" and node.args and isinstance(node.args[0], ast.Constant):
        yield from _import(module, str(node.args[0].value))
    for keyword in node.keywords:
        if keyword.arg in BANNED_KEYWORDS:
            yield f"{keyword.arg}= is banned: {BANNED_KEYWORDS[keyword.arg]}"


def _javascript(path: Path, scripts: Path) -> Iterator[tuple[int, str]]:
    text = JS_COMMENT.sub(_blank, path.read_text("utf-8"))
    parts = path.relative_to(scripts).parts
    folder = parts[0] if len(parts) > 1 else None
    if folder is not None and folder not in JAVASCRIPT:
        yield 1, f"js/src/{folder} has no place in the table of tools/imports.py"
        return
    running = JS_TYPES.sub(_blank, text)
    for match in JS_IMPORT.finditer(running):
        for what in _script_import(match[1], path, folder, scripts):
            yield _line(text, match), what
    for pattern, why in BANNED_TEXT.items():
        for match in pattern.finditer(text):
            yield _line(text, match), f"{match[0].strip()} is banned: {why}"
    if folder == "core":
        for match in DOM.finditer(text):
            yield _line(text, match), f"core uses the DOM: {match[0].strip()}"


def _script_import(target: str, path: Path, folder: str | None, scripts: Path) -> Iterator[str]:
    if not target.startswith("."):
        if folder == "core" and target not in CORE_PACKAGES:
            yield f"core imports {target}: only {', '.join(sorted(CORE_PACKAGES))} are without a DOM"
        return
    parts = (path.parent / target).resolve().relative_to(scripts.resolve()).parts
    other = parts[0] if len(parts) > 1 else "js/src"
    if folder is not None and other not in {folder, *JAVASCRIPT[folder]}:
        yield f"{folder} imports {other}, which is not before it"


def _blank(match: re.Match[str]) -> str:
    """As many lines as there were."""
    return "\n" * match[0].count("\n")


def _line(text: str, match: re.Match[str]) -> int:
    return text.count("\n", 0, match.start()) + 1


def main() -> int:
    """Print what breaks a rule; 1 if anything does."""
    found = violations(ROOT)
    print(*found, sep="\n", end="\n" if found else "")
    print(f"{len(found)} imports or calls break a rule")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
