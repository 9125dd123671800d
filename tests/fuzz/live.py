"""A live view as a kernel holds it, and what its browser is told."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from comm.base_comm import BaseComm
from tests.fuzz.audit import WATCH

import offdiagonal as od
from offdiagonal.clauses import to_json


class Wire(BaseComm):
    """A comm whose other end is a list."""

    def __init__(self) -> None:
        self.told: list[tuple[str, dict[str, Any]]] = []
        super().__init__(target_name="jupyter.widget")

    def publish_msg(
        self, msg_type: str, data: Any = None, metadata: Any = None, buffers: Any = None, **keys: Any
    ) -> None:
        """Keep what JSON and the browser would take."""
        json.dumps(data, allow_nan=False)
        self.told.append((msg_type, data))


@dataclass
class Handled:
    """What a message brought about."""

    told: list[dict[str, Any]]
    """The contents of the custom messages to the browser."""
    states: list[dict[str, Any]]
    """The states of the model that were sent."""
    events: list[str] = field(default_factory=list)
    """Audit events that no message may bring about."""


class LiveView:
    """A widget of an Evaluation, and the kernel's end of its comm."""

    def __init__(self, ev: od.Evaluation) -> None:
        self.ev = ev
        self.widget = ev.board().widget
        self.wire = Wire()
        self.widget.comm = self.wire
        self.model = self.model_state()

    def custom(self, content: Any) -> Handled:
        """Send a message of the views."""
        return self.data({"method": "custom", "content": content})

    def data(self, data: Any) -> Handled:
        """Send anything that a comm carries."""
        self.wire.told.clear()
        with WATCH.listening() as events:
            self.wire.handle_msg({"content": {"data": data}, "buffers": []})
        sent = [content for kind, content in self.wire.told if kind == "comm_msg"]
        assert len(sent) == len(self.wire.told), "the browser's end was opened or closed"
        told = [content["content"] for content in sent if content["method"] == "custom"]
        states = [content["state"] for content in sent if content["method"] != "custom"]
        return Handled(told, states, events)

    def model_state(self) -> dict[str, Any]:
        """All that the model holds on both sides, but how often it was asked for all there is."""
        return {name: value for name, value in self.widget.get_state().items() if name != "asked"}

    def selection(self) -> list[dict[str, Any]]:
        """The selection in force."""
        return [to_json(clause) for clause in self.ev.selection.clauses]

    def close(self) -> None:
        """End the view."""
        self.widget.close()
