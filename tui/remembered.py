"""What the interface remembers from run to run: the colours, as a word in a file of the user's state folder."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from sessions.atomic_file import write_atomically
from tui.drawing.palette import PALETTES, Palette

FILE_NAME: Final = "colours"


class RememberedPalette:
    """The palette that was chosen last. A file that cannot be read is none."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE_NAME

    def load(self) -> Palette | None:
        """What was kept; None if nothing was, or nothing that there is."""
        try:
            return PALETTES.get(self._path.read_text("utf-8").strip())
        except (OSError, UnicodeDecodeError):
            return None

    def keep(self, palette: Palette) -> None:
        """Keep it for the next start. Raises `OSError`."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(self._path, f"{palette.name}\n".encode(), durable=False)
