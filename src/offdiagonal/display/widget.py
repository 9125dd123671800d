"""The live view: a widget whose model holds an id and a layout, nothing else."""

from __future__ import annotations

from typing import Any

import anywidget
import traitlets

from offdiagonal.display import bundle
from offdiagonal.display.session import Session


class ViewWidget(anywidget.AnyWidget):
    """One or more linked views of an Evaluation, live."""

    _esm = bundle.stub()
    views = traitlets.List(traitlets.Unicode()).tag(sync=True)
    options = traitlets.Dict().tag(sync=True)
    display = traitlets.Unicode().tag(sync=True)
    fingerprint = traitlets.Unicode().tag(sync=True)
    digest = traitlets.Unicode().tag(sync=True)

    def __init__(self, session: Session, **traits: Any) -> None:
        fingerprint = session.engine.meta.fingerprint
        super().__init__(digest=bundle.board().digest, fingerprint=fingerprint, **traits)
        self._session = session
        session.join(self)
        self.on_msg(self._received)

    def close(self) -> None:
        """End the view on both sides."""
        self._session.leave(self)
        self.layout.close()
        super().close()

    def _received(self, _widget: Any, content: Any, _buffers: Any) -> None:
        self._session.receive(self, content)
