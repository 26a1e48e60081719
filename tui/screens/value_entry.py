"""Typing a value for a control."""

from __future__ import annotations

from typing import Final

from tui.drawing.facts import CONTROL_LABELS, ControlId
from tui.screens.entry import EntryDialog
from tui.values import parse_value, value_text

_EXAMPLES: Final[dict[ControlId, str]] = {
    "fader_db": "-6   +3.5   -inf   +=2 (2 dB more)   -=2",
    "trim_db": "-6   +12   +=2 (2 dB more)   -=2",
    "pan_percent": "L30   R100   C   -30",
}


class ValueEntry(EntryDialog[float]):
    """Answers with a value the control can have."""

    DEFAULT_CSS = """
    ValueEntry { align: center bottom; }
    ValueEntry > #box { margin-bottom: 2; width: 64; }
    """

    def __init__(self, strip_name: str, control: ControlId, current: float, infinity: str) -> None:
        super().__init__(
            f"{CONTROL_LABELS[control]}  {strip_name}  now {value_text(control, current, infinity)}",
            _EXAMPLES.get(control, _EXAMPLES["fader_db"]),
            lambda text: parse_value(control, text, current),
        )
