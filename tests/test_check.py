"""tools/check.py: what its lanes print is shown whole, whatever it is, and what ended is summarised."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

# The whole program, with other checks, and with the Python that runs the tests as that of the environment.
PROGRAM = """
import json, signal, sys
from pathlib import Path

tools, reports, given = sys.argv[1:]
sys.path.insert(0, tools)
import environment, check

signal.signal(signal.SIGINT, signal.default_int_handler)
environment.python = lambda: Path(sys.executable)
check.REPORTS = Path(reports)
check.checks = lambda *, slow: [check.Check(name, ("-c", code), lane=lane) for name, lane, code in json.loads(given)]
check.set_up = lambda variables, *, browser: (0, 0.0)
sys.argv = ["check.py"]
environment.start()
sys.exit(check.main())
"""
MARK = b"\xe2\x9c\x93 passed\n"
LINES = b"".join(b"line %d\n" % i for i in range(20_000))
LONG = "import sys; sys.stdout.buffer.write(b''.join(b'line %d\\n' % i for i in range(20_000)))"

Given = list[tuple[str, str | None, str]]
Ran = subprocess.CompletedProcess[bytes]


def writes(text: bytes, then: str = "") -> str:
    return f"import sys; sys.stdout.buffer.write({text!r}); sys.stdout.flush(); {then}"


@pytest.fixture
def ran(root: Path, tmp_path: Path) -> Callable[[Given], Ran]:
    """Runs checks with an output that can encode ASCII alone."""

    def run(given: Given) -> Ran:
        command = [sys.executable, "-c", PROGRAM, root / "tools", tmp_path / "reports", json.dumps(given)]
        ascii_alone = {**os.environ, "PYTHONIOENCODING": "ascii"}
        return subprocess.run(command, env=ascii_alone, capture_output=True, check=False, timeout=120)

    return run


def summary(output: bytes) -> dict[str, str]:
    """By check what the summary says of it."""
    text = output.decode("utf-8", "replace").partition("\nsummary\n")[2]
    return dict(re.findall(r"^  (\w+) +(ok|FAILED|not done)", text, re.MULTILINE))


def test_a_failing_lane_fails_the_run_and_both_are_printed_whole(ran: Callable[[Given], Ran]) -> None:
    found = ran(
        [
            ("long", "one", LONG),
            ("bad", "two", writes(b"it fails\n", "sys.exit(3)")),
            ("after", "two", writes(b"no end of line")),
        ]
    )
    assert found.returncode == 1
    assert b"\n== long\n" + LINES + b"-- long: ok in " in found.stdout
    assert b"\n== bad\nit fails\n-- bad: FAILED (3) in " in found.stdout
    assert b"\n== after\nno end of line\n-- after: ok in " in found.stdout
    assert summary(found.stdout) == {"setup": "ok", "long": "ok", "bad": "FAILED", "after": "ok"}
    assert found.stdout.endswith(b"\nfailed: bad\n")


def test_bytes_that_the_output_cannot_encode_or_that_are_no_text_do_no_harm(
    ran: Callable[[Given], Ran],
) -> None:
    found = ran([("mark", "one", writes(MARK)), ("byte", "two", writes(b"\xff\xfe\n"))])
    assert found.returncode == 0, found.stderr
    assert b"\n== mark\n" + MARK + b"-- mark: ok in " in found.stdout
    assert b"\n== byte\n\xff\xfe\n-- byte: ok in " in found.stdout
    assert found.stdout.endswith(b"\nall checks passed\n")


def test_a_skipped_test_whose_reason_the_output_cannot_encode_is_said(ran: Callable[[Given], Ran]) -> None:
    report = "import json, os; json.dump({'skipped': ['no caf\\u00e9']}, open(os.environ['OFFDIAGONAL_REPORT'], 'w'))"
    found = ran([("tests", None, report)])
    assert found.returncode == 0, found.stderr
    assert rb"no caf\xe9" in found.stdout
    assert found.stdout.endswith(b"\nall checks passed\n")


@pytest.mark.skipif(os.name != "posix", reason="elsewhere no signal is sent to a process")
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_what_ran_when_it_was_told_to_end_is_shown_and_what_had_ended_is_summarised(
    ran: Callable[[Given], Ran], tmp_path: Path, name: str
) -> None:
    there = tmp_path / "reports" / "hangs.txt"
    tell = f"""
import os, pathlib, signal, time
print("telling", flush=True)
hangs = pathlib.Path({str(there)!r})
while not (hangs.is_file() and hangs.stat().st_size):
    time.sleep(0.01)
os.kill(os.getppid(), signal.{name})
time.sleep(100)
"""
    found = ran(
        [
            ("good", "one", writes(b"done\n")),
            ("bad", "one", "raise SystemExit(1)"),
            ("tells", "one", tell),
            ("hangs", "two", writes(b"hanging\n", "import time; time.sleep(100)")),
            ("later", "two", writes(b"never\n")),
            ("last", None, writes(b"never\n")),
        ]
    )
    assert found.returncode not in (0, 1)
    assert b"\n== hangs\nhanging\n-- hangs: not done in " in found.stdout
    assert b"\n== tells\ntelling\n-- tells: not done in " in found.stdout
    assert b"never" not in found.stdout
    assert summary(found.stdout) == {
        "setup": "ok",
        "good": "ok",
        "bad": "FAILED",
        **dict.fromkeys(("tells", "hangs", "later", "last"), "not done"),
    }
    assert found.stdout.endswith(b"\nfailed: bad; not done: tells, hangs, later, last\n")
