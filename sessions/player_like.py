"""The engine's live door as the controller sees it, so that another can stand in its place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from engine.meters.frame import MeterFrame
from engine.mix import Mix
from engine.notice import Notice
from engine.player import OutputStatus


class PlayerLike(Protocol):
    """What the controller asks of the engine's live door (`engine.player.Player`)."""

    @property
    def status(self) -> OutputStatus:
        """Where the sound goes."""

    def apply(self, mix: Mix) -> None:
        """Play this mix."""

    def play(self) -> None:
        """Start the transport."""

    def stop(self) -> None:
        """Stop the transport where it is."""

    def locate(self, position_s: float) -> None:
        """Move the transport."""

    def clear_holds(self) -> None:
        """Clear peak holds and over marks."""

    def begin_evidence(self, strip_ids: Sequence[str]) -> None:
        """Judge these strips (and the master) by what sounds from about now on."""

    def read(self) -> MeterFrame:
        """All meters and the transport now."""

    def notices(self) -> list[Notice]:
        """What there is to tell since the last call."""

    def close(self) -> None:
        """End, within a bounded time."""
