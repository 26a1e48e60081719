"""A strip that is metered by something else than the others: what tells so, and the marks of its own scale."""

from __future__ import annotations

from tui.drawing.numbers import mark_text
from tui.drawing.palette import Role
from tui.drawing.plan import StageView, short_stage
from tui.drawing.scale import MeterType, mark_rows


def own_label(meter: MeterType | None, stage: StageView | None, cells: int) -> str:
    """The type, the stage or both: `K-20`, `INS 3`, `VU I3`; where there is no room for both the type."""
    names = [] if meter is None else [meter.short, meter.short.replace("-", "")]
    if stage is not None:
        tiny = _tiny(stage)
        both = [f"{names[0]} {tiny}", f"{names[-1]} {tiny}", f"{names[-1]}{tiny}"] if names else []
        names = [*both, *(names or ["ALL" if stage == "all" else short_stage(stage), tiny])]
    return next((name for name in names if len(name) <= cells), names[-1][:cells])


def _tiny(stage: StageView) -> str:
    """In up to 3 cells: `OUT`, `ALL`, `I3`, `S A`."""
    names = {"fader": "OUT", "all": "ALL", "input": "IN", "trim": "TR"}
    kind, _, place = stage.partition(" ")
    return names.get(stage) or f"{kind[0].upper()}{place}"


def own_marks(meter: MeterType, rows: int, cells: int, tick: str) -> list[tuple[int, str, Role]]:
    """The marks of a scale of some cells, 1 or 3: row, text, colour. Where no number fits a tick stands for it."""
    marks = []
    for row, mark in mark_rows(meter, rows).items():
        text = mark_text(mark, meter.signed)
        zone = meter.zone_above(mark)
        role: Role = "bright" if mark == meter.marks[0] else "dim" if zone in ("low", "target") else zone
        marks.append((row, text if len(text) <= cells else tick, role))
    return marks
