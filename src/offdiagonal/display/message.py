"""Messages of views: whatever one holds, it is checked before it is used."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from offdiagonal.errors import MessageError

log = logging.getLogger("offdiagonal")

Answer = tuple[dict[str, Any] | None, list[bytes]]
"""A message and its binary parts; None: what was told to all views answers it."""

INTERRUPTED = "the kernel was interrupted while it answered; ask again"
FAILED = "the kernel could not answer; the log of the notebook server has the traceback"

CHANGES = ("select", "undo")
"""Messages that change the selection."""
SAFE_INTEGER = 1 << 53
"""Whole numbers that JavaScript tells apart."""


class Peer(Protocol):
    """A live view: something that takes messages."""

    def send(self, content: Any, buffers: Sequence[bytes] | None = None) -> None:
        """Send a message to the browser."""


def type_of(content: Any) -> str | None:
    """The type of a message; None where it has none."""
    kind = content.get("type") if isinstance(content, Mapping) else None
    return kind if isinstance(kind, str) else None


def numbered(content: Any) -> tuple[str, int] | None:
    """Which page changes the selection, and its how manieth change it is; None where it does not say so."""
    if type_of(content) not in CHANGES:
        return None
    page, number = content.get("page"), content.get("number")
    sound = type(page) is str and len(page) < 64 and type(number) is int and 0 <= number < SAFE_INTEGER
    return (page, number) if sound else None


def integer(content: Mapping[str, Any], key: str) -> int:
    """A whole number, 0 or more, of a message.

    Raises
    ------
    MessageError
        If it is none.
    """
    value = content.get(key)
    if type(value) is not int or not 0 <= value < SAFE_INTEGER:
        raise MessageError(f"{key} must be a whole number, 0 or more, not {shown(value)}")
    return value


def shown(value: object) -> str:
    """The beginning of what a message holds, whatever it is."""
    if isinstance(value, list | dict) or (isinstance(value, int) and abs(value) >= SAFE_INTEGER):
        return f"a large {type(value).__name__}"
    return repr(value[:80] if isinstance(value, str) else value)


def is_request(value: object) -> bool:
    """Whether a question may be called so: its answer says it again."""
    return (type(value) is int and abs(value) < SAFE_INTEGER) or (type(value) is str and len(value) < 64)


def send(peer: Peer, content: dict[str, Any], buffers: list[bytes]) -> None:
    """A view that is gone must not stop the others from being told."""
    try:
        peer.send(content, buffers)
    except Exception:
        log.exception("a view could not be told")


def answering(content: Any, found: dict[str, Any]) -> dict[str, Any]:
    """An answer that says which question it is to."""
    request = content.get("request") if isinstance(content, Mapping) else None
    return {**found, "request": request} if is_request(request) else found


def _nothing() -> None:
    """Most answers change nothing that would have to be taken back."""


def reply(
    peer: Peer, content: Any, answer: Callable[[Any], Answer], undo: Callable[[], None] = _nothing
) -> str | None:
    """Answer a message, whatever it holds, by a typed reply.

    Parameters
    ----------
    peer
        Who asked.
    content
        The message.
    answer
        Gives the answer to it.
    undo
        Takes back what an answer changed that did not come to its end.

    Returns
    -------
    str or None
        Why the message could not be answered; None: it was.
    """
    refused = None
    buffers: list[bytes] = []
    found: dict[str, Any] | None
    try:
        found, buffers = answer(content)
    except MessageError as error:
        found = {"type": "error", "code": "message", "text": (refused := str(error))}
    except KeyboardInterrupt:  # it ends what was asked for, not the view
        undo()
        found = {"type": "error", "code": "interrupted", "text": (refused := INTERRUPTED)}
    except Exception:  # what fails must not reach the host, which would print it into some cell
        log.exception("a view's request failed")
        undo()
        found = {"type": "error", "code": "internal", "text": (refused := FAILED)}
    if found is not None:
        send(peer, answering(content, found), buffers)
    return refused
