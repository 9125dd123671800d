"""The guard refuses what leaves the machine, from this process and from children, and a test cannot hide it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from tests.guard.plugin import NetworkRefusedError, local, refused

NOBODY = "192.0.2.1"  # of TEST-NET-1: no machine has it


def test_a_connection_is_refused_before_it_is_made() -> None:
    with socket.socket() as plain, pytest.raises(NetworkRefusedError, match="no test reaches the network"):
        plain.connect((NOBODY, 80))
    assert f"socket.connect ('{NOBODY}', 80)" in refused()


def test_a_name_is_not_looked_up() -> None:
    with pytest.raises(NetworkRefusedError):
        socket.create_connection(("example.org", 80), timeout=1)
    assert "socket.getaddrinfo 'example.org'" in refused()


def test_a_test_without_a_server_does_not_reach_this_machine() -> None:
    with socket.socket() as plain, pytest.raises(NetworkRefusedError):
        plain.connect(("127.0.0.1", 9))
    assert refused()


def test_sockets_of_this_machine_that_are_files_stay(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as server, socket.socket(socket.AF_UNIX) as plain:
        server.bind(str(tmp_path / "s"))
        server.listen()
        plain.connect(str(tmp_path / "s"))
    assert not refused()


def test_a_child_is_refused_too_and_may_reach_this_machine() -> None:
    source = f"""
        import socket, urllib.request
        with socket.create_server(("127.0.0.1", 0)) as server:
            socket.create_connection(server.getsockname()).close()
        try:
            urllib.request.urlopen("http://{NOBODY}/", timeout=1)
        except OSError as error:
            print(error)
    """
    command = [sys.executable, "-c", textwrap.dedent(source)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "no test reaches the network" in done.stdout
    assert NOBODY in refused()


def test_a_test_that_swallows_the_refusal_fails(tmp_path: Path, root: Path) -> None:
    (tmp_path / "test_sly.py").write_text(
        textwrap.dedent(f"""
        import contextlib, socket
        def test_quiet():
            pass
        def test_sly():
            with contextlib.suppress(OSError):
                socket.create_connection(("{NOBODY}", 80), timeout=1)
        """)
    )
    paths = os.pathsep.join([str(root), os.environ["PYTHONPATH"]])
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "tests.guard.plugin", "-p", "no:cacheprovider", "."],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": paths},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "2 passed, 1 error" in done.stdout
    assert "asked for the network:" in done.stdout
    assert f"socket.getaddrinfo '{NOBODY}'" in done.stdout


@pytest.mark.parametrize(
    ("host", "own"),
    [
        *((host, True) for host in ("127.0.0.1", "127.9.9.9", "localhost", "::1", b"localhost", None)),
        *((host, False) for host in ("128.0.0.1", "localhost.example.org", "fe80::1", b"a.org", "1270.0.1")),
    ],
)
def test_what_is_this_machine(host: object, own: bool) -> None:
    assert local(host) is own
