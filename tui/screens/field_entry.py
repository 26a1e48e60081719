"""Typing a value of an element."""

from __future__ import annotations

from tui.elements import Field
from tui.field_values import examples, field_text, parsed
from tui.screens.entry import EntryDialog


class FieldEntry(EntryDialog[float]):
    """Answers with a value the field can have."""

    DEFAULT_CSS = """
    FieldEntry { align: center bottom; }
    FieldEntry > #box { margin-bottom: 2; width: 64; }
    """

    def __init__(self, where: str, field: Field, infinity: str) -> None:
        now = field_text(field.spec, field.value, infinity)
        super().__init__(
            f"{field.spec.label}  {where}  now {now}",
            examples(field.spec),
            lambda text: parsed(field.spec, text, field.value),
        )
