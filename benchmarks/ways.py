"""All ways that are compared, ours first."""

from __future__ import annotations

from benchmarks.ours import Ours
from benchmarks.peers import PEERS, Peer

ALL: tuple[type[Peer], ...] = (Ours, *PEERS)
