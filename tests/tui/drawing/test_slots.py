import pytest

from sessions.insert import processors
from tui.drawing.facts import SendFacts, SlotFacts, TargetFacts
from tui.drawing.short_names import letter, short_name
from tui.drawing.slots import mark_texts, send_marks, send_texts, slot_texts, target_text

COMP = SlotFacts("Compressor", "Comp", "C", reduces=True)
PASSED_BY = SlotFacts("Compressor", "Comp", "C", bypass=True, reduces=True)
PLATE = TargetFacts("R1", "Plate")


@pytest.mark.parametrize(
    ("slot", "reduction_db", "cells", "seen"),
    [
        (COMP, 0, 6, ("Comp", "")),
        (COMP, 4, 6, ("Comp", "-4")),
        (COMP, 12, 6, ("Com", "-12")),
        (COMP, 4, 4, ("Co", "-4")),
        (COMP, 4, 14, ("Compressor", "-4")),
        (PASSED_BY, 4, 6, ("(Comp)", "")),
        (PASSED_BY, 4, 4, ("comp", "")),
    ],
)
def test_an_insert_in_few_cells(slot: SlotFacts, reduction_db: int, cells: int, seen: tuple[str, str]) -> None:
    assert slot_texts(slot, reduction_db, cells) == seen


def test_marks_tell_what_is_bypassed_and_that_there_is_more() -> None:
    assert mark_texts((COMP, None, PASSED_BY), 5, ".", "+") == ["C", ".", "c", ".", "."]
    assert mark_texts((COMP,) * 5, 4, ".", "+") == ["C", "C", "C", "+"]
    assert mark_texts((), 4, ".", "+") == ["."] * 4


@pytest.mark.parametrize(
    ("send", "cells", "seen"),
    [
        (SendFacts(PLATE, -6.0), 4, ("", "-6.0")),
        (SendFacts(PLATE, -6.0), 6, ("R1", "-6.0")),
        (SendFacts(PLATE, -6.0, before_fader=True), 7, ("<R1", "-6.0")),
        (SendFacts(PLATE, -12.5, before_fader=True), 14, ("<Plate", "-12.5")),
        (SendFacts(PLATE, -12.5, mute=True), 6, ("R1", "mute")),
    ],
)
def test_a_send_in_few_cells(send: SendFacts, cells: int, seen: tuple[str, str]) -> None:
    assert send_texts(send, cells, "-oo") == seen


def test_sends_as_marks() -> None:
    assert send_marks((SendFacts(PLATE, 0.0), None, SendFacts(PLATE, 0.0, mute=True)), ".") == ["A", ".", "c", "."]


def test_where_a_strip_goes() -> None:
    assert target_text(None, 4) == "none"
    assert target_text(PLATE, 5) == "Plate"
    assert target_text(PLATE, 12) == "R1 Plate"


def test_every_processor_has_a_letter_of_its_own_and_a_name_that_fits() -> None:
    known = processors().values()
    assert len({letter(kind.id, kind.label) for kind in known}) == len(known)
    assert all(0 < len(short_name(kind.id, kind.label)) <= 5 for kind in known)
    assert (short_name("exciter", "Exciter"), letter("exciter", "Exciter")) == ("Exctr", "E")
