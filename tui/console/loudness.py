"""The measurement of loudness, from any scene: paused, continued, begun anew."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from sessions.model import MASTER_ID
from tui.shell import Shell

if TYPE_CHECKING:
    from sessions.controller import Controller


class Loudness:
    """Integrated loudness and range go together; the true peak begins anew with them, for PLR is of one time."""

    def __init__(self, controller: Controller, shell: Shell) -> None:
        self._controller = controller
        self._shell = shell
        self.actions: Mapping[str, Callable[[], None]] = {
            "loudness_pause": self._pause,
            "loudness_reset": self._reset,
        }

    def _pause(self) -> None:
        pauses = not self._controller.frame.programme.is_paused
        self._controller.pause_loudness(pauses)
        self._shell.notify_line("info", f"loudness: {'paused' if pauses else 'measured again'}")

    def _reset(self) -> None:
        self._controller.reset_loudness()
        self._controller.clear_holds(MASTER_ID)
        self._shell.notify_line("info", "loudness: measured anew")
