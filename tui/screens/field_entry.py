"""Typing a value of an element, and choosing a processor for an empty slot."""

from __future__ import annotations

from sessions.insert import processors
from tui.elements import Field
from tui.field_values import examples, field_text, parsed
from tui.screens.choice import Answer, ChoiceDialog
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


def processor_dialog(slot: str, strip_name: str) -> ChoiceDialog:
    """Asks which processor goes into a slot; answers with its kind."""
    answers, taken = [], set[str]()
    for kind, processor in processors().items():
        key = next(letter for letter in f"{processor.label.lower()}123456789".replace(" ", "") if letter not in taken)
        taken.add(key)
        answers.append(Answer(key, processor.label, kind))
    return ChoiceDialog(f"Insert {slot} of {strip_name}", ("Which processor?",), answers)
