"""What is listened to, and how loud: for the ears only, never part of the mix."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, Literal

from engine.core.params import MONITOR
from engine.core.units import OFF_DB
from sessions.edits import SetMonitor, Together
from sessions.monitor import CEILING
from sessions.sum_edits import SetListen
from tui.console.section import Section
from tui.shell import told
from tui.values import parse_spec_value

MONITOR_STEP_DB: Final = 1.0
MONITOR_HIGHEST_DB: Final = 0.0
"""The keys never make the monitors louder than the mix is."""


class Monitoring(Section):
    """Listening and the monitor section."""

    @property
    def actions(self) -> Mapping[str, Callable[[], None]]:
        """What it does."""
        return {
            "listen_before": lambda: self._listen("before"),
            "listen_after": lambda: self._listen("after"),
            "listen_clear": self._clear,
            "monitor_down": lambda: self._volume(-MONITOR_STEP_DB),
            "monitor_up": lambda: self._volume(MONITOR_STEP_DB),
            "monitor_dim": lambda: self._switch("dim"),
            "monitor_mono": lambda: self._switch("mono"),
            "monitor_mute": lambda: self._switch("mute"),
            "monitor_polarity": lambda: self._switch("invert_right"),
            "monitor_ceiling": self._ask_ceiling,
        }

    def _listen(self, where: Literal["before", "after"]) -> None:
        strip = self._strip("the master is what is heard anyway: select a strip to listen to it")
        self._edit(SetListen(strip.id, "off" if strip.listen == where else where))

    def _clear(self) -> None:
        listened = [strip for strip in self._session.strips if strip.listen != "off"]
        if not listened:
            self.shell.notify_line("info", "nothing is listened to but the mix")
            return
        self._edit(Together("Listen to the mix again", tuple(SetListen(strip.id, "off") for strip in listened)))

    def _switch(self, control: str) -> None:
        self._edit(SetMonitor(not getattr(self._session.monitor, control), control))

    def _volume(self, change_db: float) -> None:
        level_db = self._session.monitor_db
        if level_db == OFF_DB:
            if change_db < 0:
                return
            level_db = MONITOR.minimum - change_db
        level_db = MONITOR.clamp(min(round(level_db + change_db, 1), max(MONITOR_HIGHEST_DB, level_db)))
        self._controller.edit(SetMonitor(level_db))
        text = "off" if level_db == OFF_DB else f"{level_db:+.1f} dB" if level_db else "0.0 dB"
        self.shell.notify_line("info", f"monitor {text}: the mix itself stays what it is")

    def _ask_ceiling(self) -> None:
        now = self._session.monitor.ceiling_dbfs

        @told
        def take(section: Monitoring, text: str) -> None:
            section._edit(SetMonitor(float(text), CEILING.id))

        self.shell.dialogs.ask_text(
            f"CEILING of the monitors  now {now:+.1f} dBFS",
            "No sample leaves above it: -1   -6   -20   +=2 (2 dB more)",
            lambda text: str(parse_spec_value(CEILING, text, now)),
            lambda text: take(self, text),
        )
