"""Code run in the kernel of an open notebook, past the notebook: its file and its page stay as they are.

Plain sockets, because ``jupyter_client``'s blocking client needs the event loop that Playwright occupies.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import zmq
from jupyter_client.session import Session


class KernelError(Exception):
    """Code in the kernel raised; the traceback is the message."""


class Kernel:
    """A connection to a running kernel.

    Parameters
    ----------
    connection
        The kernel's connection file.
    pump
        Called while there is nothing to read, to let the browser go on.
    """

    def __init__(self, connection: Path, pump: Callable[[], None]) -> None:
        found = json.loads(connection.read_text(encoding="utf-8"))
        self._session = Session(key=found["key"].encode(), signature_scheme=found["signature_scheme"])
        self._pump = pump
        self._context = zmq.Context()
        self._shell = self._context.socket(zmq.DEALER)
        self._control = self._context.socket(zmq.DEALER)
        self._iopub = self._context.socket(zmq.SUB)
        self._iopub.subscribe(b"")
        for sock, name in ((self._shell, "shell"), (self._control, "control"), (self._iopub, "iopub")):
            sock.linger = 0
            sock.connect(f"{found['transport']}://{found['ip']}:{found[f'{name}_port']}")
        self._subscribe()

    def execute(self, code: str, seconds: float) -> str:
        """Run code; return what it printed followed by the text of its last expression."""
        sent = self._send(
            self._shell,
            "execute_request",
            code=code,
            silent=False,
            store_history=False,
            allow_stdin=False,
            user_expressions={},
        )
        parts: list[str] = []
        failure = ""
        until = time.monotonic() + seconds
        while True:
            message = self._next(self._iopub, sent, until, code)
            kind, content = message["msg_type"], message["content"]
            if kind == "stream":
                parts.append(content["text"])
            elif kind == "execute_result":
                parts.append(content["data"].get("text/plain", ""))
            elif kind == "error":
                failure = "\n".join(content["traceback"])
            elif kind == "status" and content["execution_state"] == "idle":
                break
        if failure:
            raise KernelError(failure)
        return "".join(parts)

    def close(self) -> None:
        """Hang up; the kernel goes on."""
        self._context.destroy(linger=0)

    def _subscribe(self, seconds: float = 20) -> None:
        """Ask until an answer is heard: what a kernel publishes before the subscription is there is lost.

        The control channel answers while a cell runs.
        """
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            sent = self._send(self._control, "kernel_info_request")
            try:
                self._next(self._iopub, sent, time.monotonic() + 0.3, "")
            except TimeoutError:
                continue
            return
        raise TimeoutError(f"the kernel does not answer after {seconds:.0f} s")

    def _send(self, sock: zmq.Socket[bytes], kind: str, **content: Any) -> str:
        message = self._session.send(sock, kind, content)
        return str(message["header"]["msg_id"])

    def _next(self, sock: zmq.Socket[bytes], parent: str, until: float, code: str) -> dict[str, Any]:
        while True:
            if sock.poll(0):
                message = self._session.recv(sock, zmq.NOBLOCK)[1]
                if message and message["parent_header"].get("msg_id") == parent:
                    return dict(message)
            elif time.monotonic() > until:
                raise TimeoutError(f"the kernel has not ended: {code[:300]}")
            else:
                self._pump()
