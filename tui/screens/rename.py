"""Giving a strip another name."""

from __future__ import annotations

from tui.screens.entry import EntryDialog


class RenameDialog(EntryDialog[str]):
    """Answers with a name; the one that it has can be edited."""

    def __init__(self, strip_name: str, current: str) -> None:
        super().__init__(f"Rename  {strip_name}", "The file keeps its name.", str.strip, text=current)
