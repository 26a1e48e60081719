"""Typing a value for a control."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from tui.drawing.facts import CONTROL_LABELS, ControlId
from tui.screens.dialog import Dialog
from tui.values import ValueTextError, parse_value, value_text

_EXAMPLES = {
    "fader_db": "-6   +3.5   -inf   +=2 (2 dB more)   -=2",
    "trim_db": "-6   +12   +=2 (2 dB more)   -=2",
    "pan_percent": "L30   R100   C   -30",
}


class ValueEntry(Dialog[float]):
    """Answers with a value the control can have; what cannot be one is explained and can be put right."""

    DEFAULT_CSS = """
    ValueEntry { align: center bottom; }
    ValueEntry > #box { margin-bottom: 2; width: 64; }
    """

    def __init__(self, strip_name: str, control: ControlId, current: float, infinity: str) -> None:
        super().__init__()
        self._strip_name = strip_name
        self._control: ControlId = control
        self._current = current
        self._infinity = infinity

    def compose(self) -> ComposeResult:
        """Title, input, and a place for examples or what is wrong."""
        label = CONTROL_LABELS[self._control]
        now = value_text(self._control, self._current, self._infinity)
        with Vertical(id="box"):
            yield Static(Content(f"{label}  {self._strip_name}  now {now}"), classes="title")
            yield Input(id="value", select_on_focus=False)
            yield Static(Content(_EXAMPLES[self._control]), classes="dim", id="said")

    def on_mount(self) -> None:
        """Ready to type."""
        self.begin_typing()

    def typed(self, text: str) -> None:
        """What was wrong is being put right."""
        self._say(_EXAMPLES[self._control], fault=False)

    def entered(self, text: str) -> None:
        """Answer with the value, or say why it is none."""
        if not text.strip():
            self.dismiss(None)
            return
        try:
            self.dismiss(parse_value(self._control, text, self._current))
        except ValueTextError as error:
            self._say(str(error), fault=True)

    def _say(self, text: str, *, fault: bool) -> None:
        line = self.query_one("#said", Static)
        line.set_classes("fault" if fault else "dim")
        line.update(Content(text), layout=False)
