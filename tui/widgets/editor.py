"""The editor of the selected element: what it is, a drawing of what it does, its meters, and all its values."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Final

from textual import events

from sessions.model import InsertState
from tui.drawing.curves import gain_drawing
from tui.drawing.editor import EditorPlan, plan_editor
from tui.drawing.gauges import level_gauge, reduction_gauge, vu_gauge
from tui.drawing.glyphs import GlyphSet
from tui.drawing.meter_types import PEAK
from tui.drawing.names import cut, shown_text
from tui.drawing.scale import MeterType
from tui.elements import Field
from tui.field_drag import FieldDrag
from tui.pictures import Picture, picture_of
from tui.styles import Look
from tui.surface import Canvas, Surface
from tui.widgets.field_row import draw_field, on_value
from tui.widgets.pens import draw_sheet, is_textured
from tui.widgets.strip_messages import FieldMoved, FieldPicked, FieldReset, FieldStepped
from tui.widgets.surface_widget import SurfaceWidget

_LEAST_WIDTH: Final = 20
_SILENT: Final = (-math.inf, -math.inf)


@dataclass(frozen=True, slots=True)
class EditorFacts:
    """What the editor shows but what moves. `insert` is what is in the slot; `gauges` are the meters there are.

    `gains` are the sums of gains behind each element of the path, by what it is called there; `place` is this one.
    """

    title: str
    says: str
    chips: tuple[str, ...]
    fields: tuple[Field, ...]
    chosen: int
    entered: bool
    insert: InsertState | None
    gauges: tuple[str, ...]
    sample_rate_hz: float
    gains: tuple[tuple[str, float], ...]
    place: str
    meter: MeterType = PEAK


@dataclass(frozen=True, slots=True)
class Moving:
    """What moves: the reduction and the VU of a processor, the peak that enters it, and levels.

    Levels are what enters and what leaves (or the sides), each with its mark and its number.
    """

    reduction_db: float = 0.0
    vu: tuple[float, float] = _SILENT
    entering_dbfs: float = -math.inf
    levels: tuple[tuple[float, float, float], ...] = ((*_SILENT, -math.inf),) * 2
    stage_vu: tuple[float, float] = _SILENT


_GAUGE_ROWS: Final = {"reduction": 2, "vu": 3, "sides": 3, "through": 3, "stage_vu": 3}


class Editor(SurfaceWidget):
    """Shows an element and posts what is done to its values with the mouse."""

    def __init__(self, surface: Surface, glyphs: GlyphSet, facts: EditorFacts) -> None:
        super().__init__(surface, id="editor")
        self._glyphs = glyphs
        self._facts = facts
        self._moving = Moving()
        self._picture: Picture | None = None
        self._drag: FieldDrag | None = None
        self._plan: EditorPlan | None = None

    def show(self, facts: EditorFacts) -> None:
        """Show another element or other values."""
        if facts != self._facts:
            self._facts = facts
            self.changed()

    def show_moving(self, moving: Moving) -> None:
        """Show where meters and points are now."""
        if moving != self._moving:
            self._moving = moving
            canvas = self.canvas()
            if canvas is not None and self._plan is not None:
                self._draw_moving(canvas, self._plan)

    def draw(self, canvas: Canvas) -> None:
        """Draw everything."""
        self._plan = self._picture = None
        if self.is_too_small:
            self.say_too_small(canvas)
            return
        facts, style = self._facts, self.surface.styles.id
        canvas.fill(style("text", "panel"))
        if canvas.width < _LEAST_WIDTH:  # between two layouts
            return
        rows = sum(_GAUGE_ROWS[gauge] for gauge in facts.gauges)
        plan = self._plan = plan_editor(canvas.width, canvas.height, len(facts.fields), facts.chosen, rows)
        self._draw_head(canvas, plan)
        if plan.drawing:
            self._picture = self._make_picture(canvas.width - 2, plan.drawing)
        self._draw_moving(canvas, plan)
        self._draw_fields(canvas, plan)

    def field_at(self, x: int, y: int) -> tuple[Field, bool] | None:
        """The field at a cell and whether it is on its value; None where there is none."""
        plan = self._plan
        for index, each in enumerate(self._facts.fields if plan is not None else ()):
            assert plan is not None
            cell = plan.cell_of(index)
            if cell is not None and cell[1] == y and cell[0] <= x < cell[0] + plan.column_width:
                return each, on_value(x - cell[0], plan.column_width)
        return None

    def cell_of(self, field_id: str) -> tuple[int, int] | None:
        """The first cell of a field's row, None where it is not shown."""
        ids = [each.id for each in self._facts.fields]
        return self._plan.cell_of(ids.index(field_id)) if self._plan is not None and field_id in ids else None

    # The mouse

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Pick a value; what is dragged from here moves from where it is, so a press alone changes nothing."""
        found = self.field_at(event.x, event.y)
        if found is None or event.button != 1:
            return
        each, on_its_value = found
        pressed = on_its_value and each.spec.taper in ("switch", "choice")
        self.post_message(FieldPicked(each.id, pressed=pressed))
        if not pressed:
            self._drag = FieldDrag(each, event.pointer_x, event.ctrl)
            self.capture_mouse()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Drag what is in the hand."""
        drag = self._drag
        if drag is None:
            return
        if not event.button:
            self.end_drag()
            return
        value = drag.to(event.pointer_x, event.ctrl)
        if drag.moved:
            self.post_message(FieldMoved(drag.field.id, value))

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """Let go."""
        self.end_drag()

    def on_click(self, event: events.Click) -> None:
        """Two presses give the default."""
        found = self.field_at(event.x, event.y)
        if found is not None and event.chain == 2 and found[0].spec.taper not in ("switch", "choice"):
            self.post_message(FieldReset(found[0].id))

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Step a value up."""
        self._step(event, 1)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Step a value down."""
        self._step(event, -1)

    def end_drag(self) -> None:
        """Let go of what is in the hand, wherever the pointer is."""
        if self._drag is not None:
            self._drag = None
            self.release_mouse()

    def _step(self, event: events.MouseEvent, direction: int) -> None:
        found = self.field_at(event.x, event.y)
        if found is not None:
            event.stop()
            self.post_message(FieldStepped(found[0].id, direction, fine=event.ctrl))

    # Drawing

    def _make_picture(self, width: int, height: int) -> Picture:
        """What the processor does, or else the gains along the path."""
        facts, picture = self._facts, None
        if facts.insert is not None:
            chosen = facts.fields[facts.chosen].id if facts.fields else ""
            picture = picture_of(facts.insert, chosen, width, height, self._glyphs, facts.sample_rate_hz)
        return picture or Picture(gain_drawing(width, height, self._glyphs, facts.gains, facts.place))

    def _draw_head(self, canvas: Canvas, plan: EditorPlan) -> None:
        facts, style = self._facts, self.surface.styles.id
        x = canvas.text(1, 0, facts.title, style("bright", "panel", Look.BOLD)) + 1
        for chip in facts.chips:
            x = canvas.text(x, 0, f" {chip} ", style("on_light", "warning", Look.BOLD)) + 1
        if facts.entered:
            word = " EDIT "
            canvas.text(canvas.width - len(word), 0, word, style("on_accent", "accent", Look.BOLD))
        if plan.head > 1:
            canvas.text(1, 1, cut(shown_text(facts.says), canvas.width - 2), style("dim", "panel"))

    def _draw_moving(self, canvas: Canvas, plan: EditorPlan) -> None:
        moving, glyphs, styles = self._moving, self._glyphs, self.surface.styles
        picture = self._picture
        if picture is not None:
            sheet = picture.sheet
            if picture.plot is not None and math.isfinite(moving.entering_dbfs):
                sheet = sheet.copy()
                plot = replace(picture.plot, sheet=sheet)
                plot.point(min(moving.entering_dbfs, plot.high_x), moving.entering_dbfs + self._gain_db())
            draw_sheet(canvas, 1, plan.drawing_y, sheet, styles, "panel")
        textured = is_textured(styles, glyphs)
        width = canvas.width - 2
        y = plan.gauges_y
        for gauge in self._facts.gauges:
            if gauge == "reduction":
                sheet = reduction_gauge(width, moving.reduction_db, glyphs)
            elif gauge in ("sides", "through"):
                names = ("in", "out") if gauge == "through" else ("L", "R")
                sheet = level_gauge(width, self._facts.meter, names, moving.levels, glyphs, textured)
            else:
                sheet = vu_gauge(width, moving.vu if gauge == "vu" else moving.stage_vu, glyphs, textured)
            if y + sheet.height <= plan.gauges_y + plan.gauges:
                draw_sheet(canvas, 1, y, sheet, styles, "panel")
            y += sheet.height

    def _gain_db(self) -> float:
        """What the processor does to the level now: what it reads as reduction, and the gain it is set to."""
        insert = self._facts.insert
        if insert is None:
            return 0.0
        gains = {"compressor": "make_up_db", "bus_compressor": "make_up_db", "limiter": "input_gain_db"}
        gain = gains.get(insert.kind)
        return self._moving.reduction_db + (insert.value(gain) if gain else 0.0)

    def _draw_fields(self, canvas: Canvas, plan: EditorPlan) -> None:
        facts, styles = self._facts, self.surface.styles
        line = styles.id("faint", "panel")
        canvas.text(0, plan.divider_y, self._glyphs.line * canvas.width, line)
        if not facts.fields:
            return
        shown = plan.field_rows * plan.columns
        count = f" {facts.chosen + 1} of {len(facts.fields)} "
        if shown < len(facts.fields):
            above, below = plan.first, len(facts.fields) - plan.first - shown
            count = f" {facts.chosen + 1} of {len(facts.fields)}, {above} above, {below} below "
        canvas.text(2, plan.divider_y, count, styles.id("dim", "panel"))
        for index, each in enumerate(facts.fields):
            cell = plan.cell_of(index)
            if cell is not None:
                part = canvas.part(cell[0], cell[1], plan.column_width, 1)
                chosen = index == facts.chosen
                draw_field(part, styles, self._glyphs, each, chosen, chosen and facts.entered)
