"""Choosing the file a strip plays, when it is not where it was."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tui.screens.entry import EntryDialog

FileCheck = Callable[[Path], str | None]
"""What is wrong with a file as the new place of a stem, in one line; None if nothing is."""


class RelinkDialog(EntryDialog[Path]):
    """Answers with the path of a file (or of a folder in which all missing stems are looked for)."""

    def __init__(self, strip_name: str, current: str, folder: Path, check: FileCheck) -> None:
        super().__init__(
            f"Relink  {strip_name}",
            "A sound file, or a folder in which all missing stems are looked for.",
            lambda text: stem_path(text, folder, check),
            was=current,
            hint=str(folder),
        )


def stem_path(text: str, folder: Path, check: FileCheck) -> Path:
    """The folder or sound file that was typed, from a folder on. Raises `ValueError`, one line that says why not."""
    typed = text.strip()
    try:
        path = folder / Path(typed).expanduser()
        fault = None if path.is_dir() else check(path)
    except (OSError, RuntimeError) as error:  # a name that is too long, a folder that is closed, nobody's home
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise ValueError(f'{reason}: "{typed}"') from None
    if fault is not None:
        raise ValueError(fault)
    return path
