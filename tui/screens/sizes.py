"""Screens that follow the terminal's latest size only."""

from __future__ import annotations

from textual import events
from textual.message_pump import MessagePump


class LatestSizeOnly(MessagePump):
    """Mixed into a screen: drops the news of a size that the terminal has no longer.

    A screen tells itself of each size it takes. When two sizes are under way at once (a window that is dragged, a
    terminal that does not know its size), each would undo the other for ever.
    """

    def on_resize(self, event: events.Resize) -> None:
        """A size: stale or not."""
        if event.size != self.app.size:
            event.stop()
            event.prevent_default()
