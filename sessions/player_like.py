"""The engine's live door as the controller sees it, so that another can stand in its place."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from engine.meters.frame import INPUT, MeterFrame
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

    def clear_holds(self, strip_id: str | None = None, stage: int | None = None) -> None:
        """Clear peak holds, over marks and counts: of all, of one strip, or at one stage of it."""

    def reset_loudness(self) -> None:
        """Start the loudness of the programme and the integrated loudness of all strips anew."""

    def pause_loudness(self, paused: bool) -> None:
        """Leave out of both what comes, or go on."""

    def begin_evidence(self, strip_ids: Iterable[str], first_stage: int = INPUT) -> None:
        """Start what these strips are judged by anew, from a stage on."""

    def read(self) -> MeterFrame:
        """All meters and the transport now."""

    def notices(self) -> list[Notice]:
        """What there is to tell since the last call."""

    def close(self) -> None:
        """End, within a bounded time."""
