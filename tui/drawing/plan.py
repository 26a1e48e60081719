"""Where things stand on the desk: rows by height, columns by width. Pure geometry, in cells.

Top to bottom a strip is its signal path: level at the input, trim, level after it, inserts and sends, meters and
fader, pan, level at the output, switches, where it goes. What a small terminal cannot hold goes first from the
numbers, last from the controls: a tall one has a row for each insert slot in use, a small one a row of marks for all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from engine.meters.frame import AFTER_FADER, OVERVIEW, STAGES
from engine.mix import INSERT_SLOTS, SEND_SLOTS

RowKind = Literal["number", "name", "name2", "input", "trim", "after_trim", "inserts", "insert_marks", "sends",
                  "send_marks", "stages", "meter", "peak", "fader", "pan", "output", "switches", "route"]  # fmt: skip
StageView = str
"""A stage by its name (of `STAGES`), or `all`: the input, after the trim and the output side by side."""
STAGE_VIEWS: Final[tuple[StageView, ...]] = ("fader", "all", *(stage for stage in STAGES if stage != "fader"))
"""In the order in which they are cycled."""
_STAGE_LABELS: Final[dict[StageView, str]] = {"fader": "output", "all": "all stages", "trim": "after trim"}
_SHORT_STAGES: Final[dict[StageView, str]] = {"fader": "OUT", "all": "METER", "input": "IN", "trim": "TRIM"}


def stage_label(view: StageView) -> str:
    """What a stage is called: `output`, `after insert 3`, `send a`."""
    return _STAGE_LABELS.get(view, f"after {view}" if view.startswith("insert") else view)


def short_stage(view: StageView) -> str:
    """The same in up to 5 cells: `OUT`, `INS 3`, `SND A`."""
    return _SHORT_STAGES.get(view) or view.upper().replace("INSERT", "INS").replace("SEND", "SND")


_ORDER: Final[tuple[RowKind, ...]] = (
    "number", "name", "name2", "input", "trim", "after_trim", "inserts", "insert_marks", "sends", "send_marks", "peak",
    "stages", "meter", "fader", "pan", "output", "switches", "route",
)  # fmt: skip
_FULL: Final = frozenset(_ORDER) - {"peak", "insert_marks", "send_marks"}
_MEDIUM: Final = frozenset(_ORDER) - {"peak", "name2", "inserts", "sends"}
_COMPACT: Final[frozenset[RowKind]] = frozenset(
    {"number", "name", "trim", "insert_marks", "peak", "meter", "fader", "pan", "switches"}
)
_FULL_FROM: Final = 30
_MEDIUM_FROM: Final = 24
_METER_ROWS_FULL: Final = 12
"""So many the meters keep, however many slots are in use."""
_LEAST_INSERT_ROWS: Final = 2
_LEAST_SENDS_BESIDE: Final = 2
_DROPPED_FIRST: Final[tuple[tuple[RowKind, int], ...]] = (
    ("number", 8), ("insert_marks", 6), ("sends", 6), ("peak", 4), ("pan", 4), ("switches", 4), ("trim", 4),
    ("fader", 4),
)  # fmt: skip
"""What goes where the meters would have fewer rows than that."""

LEAST_WIDTH: Final = 40
LEAST_HEIGHT: Final = 12
"""Of a terminal in which a mixer can be drawn at all."""


@dataclass(frozen=True, slots=True)
class RowNeeds:
    """What rows are wanted for: the highest slot and the number of sends in use, the selected slot, the active send.

    `slot` counts from 1, `send` from 0.
    """

    slots: int = 0
    sends: int = 0
    slot: int | None = None
    send: int | None = None


@dataclass(frozen=True, slots=True)
class RowPlan:
    """Which row of the desk is what. `rows` maps a kind to its (first) row; meters, inserts and sends have several.

    The first row of inserts is that of `first_slot` (from 1), the first of sends that of `first_send` (from 0).
    """

    rows: dict[RowKind, int]
    meter_rows: int
    height: int
    insert_rows: int = 0
    first_slot: int = 1
    send_rows: int = 0
    first_send: int = 0

    @property
    def meter_top(self) -> int:
        """The highest row of meters and faders."""
        return self.rows["meter"]

    def rows_of(self, kind: RowKind) -> int:
        """How many rows a kind has that is there."""
        return {"meter": self.meter_rows, "inserts": self.insert_rows, "sends": self.send_rows}.get(kind, 1)

    def kind_at(self, row: int) -> RowKind | None:
        """What a row of the desk is."""
        for kind, first in self.rows.items():
            if first <= row < first + self.rows_of(kind):
                return kind
        return None

    def slot_at(self, row: int) -> int:
        """The insert slot of a row of inserts."""
        return row - self.rows["inserts"] + self.first_slot

    def send_at(self, row: int) -> int:
        """The send (from 0) of a row of sends."""
        return row - self.rows["sends"] + self.first_send


def plan_rows(height: int, needs: RowNeeds | None = None) -> RowPlan:
    """The rows of a desk of some height; what is left belongs to the meters."""
    needs = needs or RowNeeds()
    kinds: set[RowKind] = set(_FULL if height >= _FULL_FROM else _MEDIUM if height >= _MEDIUM_FROM else _COMPACT)
    insert_rows = send_rows = first_send = 0
    if "inserts" in kinds:
        insert_rows, send_rows = _slot_rows(height - (len(kinds) - 3) - _METER_ROWS_FULL, needs)
    elif needs.send is not None:  # its levels take the place of the marks
        kinds -= {"send_marks"} if "send_marks" in kinds else {"insert_marks"}
        kinds.add("sends")
        send_rows, first_send = 1, needs.send
    sizes = {"inserts": insert_rows, "sends": send_rows}

    def left() -> int:
        return height - sum(sizes.get(kind, 1) for kind in kinds if kind != "meter")

    for kind, meter_rows in _DROPPED_FIRST:
        if left() < meter_rows:
            kinds.discard(kind)
    meter_rows = max(left(), 1)
    sizes["meter"] = meter_rows
    rows: dict[RowKind, int] = {}
    row = 0
    for kind in _ORDER:
        if kind in kinds:
            rows[kind] = row
            row += sizes.get(kind, 1)
    first_slot = max((needs.slot or 1) - insert_rows + 1, 1) if insert_rows else 1
    if insert_rows:
        first_send = max((needs.send or 0) - send_rows + 1, 0)
    return RowPlan(rows, meter_rows, height, insert_rows, first_slot, send_rows, first_send)


def _slot_rows(spare: int, needs: RowNeeds) -> tuple[int, int]:
    """Rows for inserts and sends: those in use and one more, as far as there is room for them."""
    inserts = min(max(needs.slots + 1, needs.slot or 0, _LEAST_INSERT_ROWS), INSERT_SLOTS)
    sends = min(max(needs.sends + 1, 0 if needs.send is None else needs.send + 1), SEND_SLOTS)
    inserts = max(min(inserts, spare - min(sends, _LEAST_SENDS_BESIDE)), 1)
    return inserts, max(min(sends, spare - inserts), 1)


@dataclass(frozen=True, slots=True)
class Lane:
    """One bar of a meter within a strip: columns from `x`, stage (index) and side (0, 1, or None: the louder one)."""

    x: int
    width: int
    stage: int
    side: int | None


@dataclass(frozen=True, slots=True)
class StripPlan:
    """The columns of a strip of `width` cells: meter lanes, perhaps a scale of its own, then the fader.

    A scale of 1 cell has no room for numbers; one of 0 cells is none.
    """

    width: int
    lanes: tuple[Lane, ...]
    fader_x: int
    fader_width: int
    scale_x: int = 0
    scale_width: int = 0


_WIDEST_CONTENT: Final = 14


_SCALE_CELLS: Final = 3


def plan_strip(width: int, view: StageView, own_scale: bool = False) -> StripPlan:
    """The columns of a strip's content, 4 cells or wider; with `all`, the three stages stand side by side."""
    content = min(width, _WIDEST_CONTENT)
    left = (width - content) // 2
    if view != "all":
        stage = STAGES.index(view)
        lane = 1 if content < 7 else 2 if content < 11 else 3
        fader = 2 if content < 5 else 3 if content < 11 else 5
        if own_scale:
            lane = 1 if content < 11 else 2
            scale = _SCALE_CELLS if content - 2 * lane >= _SCALE_CELLS + 2 else 1
            fader = min(fader, content - 2 * lane - scale)
            x = left + (content - 2 * lane - scale - fader) // 2
            lanes = (Lane(x, lane, stage, 0), Lane(x + lane, lane, stage, 1))
            return StripPlan(width, lanes, x + 2 * lane + scale, fader, x + 2 * lane, scale)
        gap = max(content - 2 * lane - fader, 0)
        gap = min(gap, 2)
        x = left + (content - 2 * lane - fader - gap) // 2
        lanes = (Lane(x, lane, stage, 0), Lane(x + lane, lane, stage, 1))
        return StripPlan(width, lanes, x + 2 * lane + gap, fader)
    sides = 2 if content >= 12 else 1
    fader = 5 if content >= 14 else 3 if content >= 6 else max(content - 3, 1)
    spare = content - 3 * sides - fader
    between = 1 if spare >= 2 else 0
    before_fader = min(max(spare - 2 * between, 0), 1)
    x = left + max(spare - 2 * between - before_fader, 0) // 2
    lanes_all: list[Lane] = []
    for stage in OVERVIEW:
        if sides == 2:
            lanes_all += [Lane(x, 1, stage, 0), Lane(x + 1, 1, stage, 1)]
        else:
            lanes_all.append(Lane(x, 1, stage, None))
        x += sides + (between if stage != AFTER_FADER else before_fader)
    scale = 1 if own_scale and fader > 2 else 0
    return StripPlan(width, tuple(lanes_all), x + scale, fader - scale, x, scale)


@dataclass(frozen=True, slots=True)
class ColumnPlan:
    """The columns of a desk: labels, `visible` strips (each followed by a free column), fader scale, master."""

    labels_width: int
    strip: StripPlan
    visible: int
    scale_x: int
    scale_width: int
    master_x: int
    master: StripPlan

    def strip_x(self, slot: int) -> int:
        """The first column of the strip in a slot (0 is the first that is visible)."""
        return self.labels_width + slot * (self.strip.width + 1)


_WIDE_FROM: Final = 100
_WIDEST_STRIP: Final = 15


def plan_columns(width: int, strips: int, view: StageView) -> ColumnPlan:
    """The columns for a number of strips: as wide as they all fit; if they do not, as many as fit are visible."""
    wide = width >= _WIDE_FROM
    labels_width = 9 if wide else 7
    scale_width = 5 if wide else 0
    master_width = (12 if width >= 160 else 9 if wide else 7) if view == "all" else (8 if wide else 6)
    room = max(width - labels_width - scale_width - master_width, 0)
    least = 6 if view == "all" or wide else 5
    pitch = min(room // strips, _WIDEST_STRIP) if strips else _WIDEST_STRIP
    if pitch < least and not (wide and view != "all" and pitch == 5):
        pitch = least
    visible = max(min(strips, room // pitch), 1) if strips else 0
    scale_x = labels_width + visible * pitch
    return ColumnPlan(
        labels_width=labels_width,
        strip=plan_strip(pitch - 1, view),
        visible=visible,
        scale_x=scale_x,
        scale_width=scale_width,
        master_x=min(scale_x + scale_width, max(width - master_width, 0)),
        master=plan_strip(master_width, view),
    )


def fits_all_stages(width: int, strips: int) -> bool:
    """Whether showing all stages side by side costs no strip its place."""
    return plan_columns(width, strips, "all").visible == strips and width >= _WIDE_FROM
