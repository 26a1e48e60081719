"""Screens that follow the terminal's latest size only."""

from __future__ import annotations

from textual import events
from textual.message_pump import MessagePump


class LatestSizeOnly(MessagePump):
    """Mixed into a screen: takes the terminal's size as it is, not as it was when the news of it was sent.

    A screen also tells itself of each size it takes. With two sizes under way at once (a window that is dragged, a
    terminal that does not know its size) the older may come last, or each undo the other for ever.
    """

    def on_resize(self, event: events.Resize) -> None:
        """A size: stale or not."""
        if event.size != self.app.size:
            event.stop()
            event.prevent_default()
            self.post_message(events.Resize(self.app.size, self.app.size))
