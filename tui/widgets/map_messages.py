"""What was done to the gain map; its screen turns it into what is selected."""

from __future__ import annotations

from textual.message import Message


class CellPicked(Message):
    """A cell was picked, of the `stage` that was selected before where it is None; `opened` by two clicks."""

    def __init__(self, strip_id: str, stage: int | None, opened: bool = False) -> None:
        super().__init__()
        self.strip_id = strip_id
        self.stage = stage
        self.opened = opened
