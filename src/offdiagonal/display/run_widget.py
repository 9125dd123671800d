"""The live view of training runs."""

from __future__ import annotations

from typing import Any

from offdiagonal.display import bundle
from offdiagonal.display.run_session import RunSession
from offdiagonal.display.widget import LiveWidget


class RunWidget(LiveWidget):
    """Views of one or more training runs."""

    def __init__(self, session: RunSession, **traits: Any) -> None:
        digest = bundle.training().digest
        super().__init__(session, digest=digest, families=[], fingerprint=session.fingerprint, **traits)
