"""The live view: a widget whose model holds an id and a layout, nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

import anywidget
import traitlets

from offdiagonal.display import bundle
from offdiagonal.display.message import Peer
from offdiagonal.display.session import Session


class Conversation(Protocol):
    """What answers live views and tells them of changes."""

    def join(self, peer: Peer) -> None:
        """A view is open."""

    def leave(self, peer: Peer) -> None:
        """A view is closed."""

    def receive(self, peer: Peer, content: Any) -> None:
        """Answer one message."""


class LiveWidget(anywidget.AnyWidget):
    """One or more linked views, live."""

    _esm = bundle.stub()
    _asked = 0
    views = traitlets.List(traitlets.Unicode()).tag(sync=True)
    options = traitlets.Dict().tag(sync=True)
    display = traitlets.Unicode().tag(sync=True)
    fingerprint = traitlets.Unicode().tag(sync=True)
    digest = traitlets.Unicode().tag(sync=True)
    families = traitlets.List(traitlets.Unicode()).tag(sync=True)
    asked = traitlets.Int().tag(sync=True)
    """How often a page asked for all there is: it does so when it was away, and then asks anew what it missed."""

    def __init__(self, session: Conversation, **traits: Any) -> None:
        super().__init__(**traits)
        self._session = session
        session.join(self)

    def close(self) -> None:
        """End the view on both sides."""
        self._session.leave(self)
        self.layout.close()
        super().close()

    def get_state(self, key: Any = None, drop_defaults: bool = False) -> Any:
        """What a page gets that asks for the state of all widgets; it sees by `asked` that it was away."""
        state = super().get_state(key=key, drop_defaults=drop_defaults)
        if key is None:
            self._asked += 1
            state["asked"] = self._asked
        return state

    def set_state(self, sync_data: Any) -> None:
        """Take nothing: a page that wrote ``_esm`` would have its code run in every other view of the model."""

    def _handle_msg(self, msg: Any) -> None:
        """Take the two kinds of messages that a view sends; ipywidgets prints what it cannot read into some cell."""
        data = msg["content"]["data"]
        method = data.get("method") if isinstance(data, Mapping) else None
        if method == "custom":
            self._session.receive(self, data.get("content"))
        elif method == "request_state":
            self.send_state()


class ViewWidget(LiveWidget):
    """One or more linked views of an Evaluation."""

    def __init__(self, session: Session, **traits: Any) -> None:
        meta = session.engine.meta
        families = [family.digest for family in bundle.families(traits["views"], meta.instead)]
        digest = bundle.board().digest
        super().__init__(session, digest=digest, families=families, fingerprint=meta.fingerprint, **traits)
