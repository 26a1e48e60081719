"""Frames to the terminal: when one may go, what lies over the mixer, and one string per frame."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.app import App
from textual.geometry import Region
from textual.screen import Screen

from tui.driver import MixerDriver
from tui.pacing import FramePacer
from tui.painter import Painter
from tui.surface import Surface
from tui.widgets.surface_widget import SurfaceWidget

if TYPE_CHECKING:
    from textual.widget import Widget

_SYNC_ON, _SYNC_OFF = "\x1b[?2026h", "\x1b[?2026l"
_FRAMES_TO_WAIT: Final = 3
"""The repaint that ends a batch usually comes by itself within these."""


class TerminalFrames:
    """Sends what has changed on the surface. One for an application, used by its event loop only.

    Where Textual would drop a painting (while it batches updates), nothing is sent either, and what a stock repaint
    lost there is painted again afterwards.
    """

    def __init__(self, app: App[Any], surface: Surface, fps: float) -> None:
        self._app = app
        self._surface = surface
        self._painter = Painter(surface)
        self.pacer = FramePacer(fps)
        self._seen: list[dict[Widget, tuple[Region, Region]]] = []
        self._seen_generation = -1
        self._lost_for = 0
        """For how many frames a stock repaint has been missing, 0 if none is."""

    def send(self, driver: MixerDriver | None, *, hurry: bool = False) -> bool:
        """Send a frame if the terminal can take one; with `hurry` (an answer to a key) also if it lags a little.

        False if there was nothing to send.
        """
        app = self._app
        if app._batch_count or not app._running:
            return True
        if self._lost_for:
            self._lost_for += 1
            if self._lost_for > _FRAMES_TO_WAIT:
                self._lost_for = 0
                app.screen.refresh()
        if driver is None:
            return self._send_plainly()
        now = time.monotonic()
        if not driver.is_active or driver.backlog_bytes or not (hurry or self.pacer.may_send(now)):
            return True
        self._look_for_covers()
        painting = self._painter.frame()
        if painting:
            if app._sync_available:
                painting = f"{_SYNC_ON}{painting}{_SYNC_OFF}"
            driver.paint(painting + self.pacer.question(now, len(painting)))
        return bool(painting)

    def _send_plainly(self) -> bool:
        """A frame for a driver that is not the mixer's own (a web server's), or for none at all."""
        self._look_for_covers()
        painting = self._painter.frame()
        if painting and not self._app.is_headless and self._app._driver is not None:
            self._app._driver.write(painting)
        return bool(painting)

    def ask(self, driver: MixerDriver) -> None:
        """Ask a terminal that was just taken whether it answers, before a first painting keeps it busy."""
        self.pacer.restart()
        driver.write(self.pacer.question(time.monotonic()))

    def displaying(self, update: object) -> None:
        """A stock repaint is handed over; while updates are batched, Textual drops it."""
        if update is not None and self._app._batch_count:
            self._lost_for = 1
        elif self._lost_for and self._is_full(update):
            self._lost_for = 0

    def _is_full(self, update: object) -> bool:
        width, height = self._app.size
        if isinstance(update, ChopsUpdate):
            return sum(right - left for _, left, right in update.spans) >= width * height
        return isinstance(update, LayoutUpdate)

    def _look_for_covers(self) -> None:
        """Find which cells other widgets lie over; only when a layout has changed, told by identity."""
        stack = self._app.screen_stack
        maps = [screen._compositor.visible_widgets for screen in stack]
        same = len(maps) == len(self._seen) and all(one is other for one, other in zip(maps, self._seen, strict=True))
        if same and self._seen_generation == self._surface.generation:
            return
        self._seen, self._seen_generation = maps, self._surface.generation
        covered = self._covered(stack, maps)
        self._painter.cover(covered if covered.any() else None)

    def _covered(
        self, stack: list[Screen[Any]], maps: list[dict[Widget, tuple[Region, Region]]]
    ) -> npt.NDArray[np.bool_]:
        covered = np.zeros((self._surface.height, self._surface.width), dtype=np.bool_)
        for screen, widgets in zip(stack, maps, strict=True):
            for widget, (region, clip) in widgets.items():
                if widget is not screen and not isinstance(widget, SurfaceWidget):
                    x, y, right, bottom = region.intersection(clip).corners
                    covered[max(y, 0) : max(bottom, 0), max(x, 0) : max(right, 0)] = True
        return covered
