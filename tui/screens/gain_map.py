"""The gain map: the levels of all strips at all stages, or how far they are from where they should be."""

from __future__ import annotations

from textual.app import ComposeResult

from sessions.model import MASTER_ID
from tui.content import desk_content, selected_facts
from tui.drawing.facts import CONTROL_LABELS
from tui.drawing.meter_types import meter_types
from tui.drawing.numbers import level_text
from tui.drawing.scale import MeterType
from tui.field_values import field_text
from tui.map_facts import CellReadings, cell_readings, distance_cells, level_cells, map_strips, mark_at, used_stages
from tui.map_keys import MAP_KEYS
from tui.map_operations import MapOperations, MapPlace
from tui.screens.field_entry import FieldEntry
from tui.screens.scene import Scene, Shared
from tui.strip_hints import value_hints
from tui.widgets.cell_detail import CellDetail, CellFacts
from tui.widgets.gain_map import GainMap, MapContent
from tui.widgets.map_messages import CellPicked


class GainMapScreen(Scene, inherit_bindings=False):
    """Shows all strips by all stages; what is selected in it is what keys act on."""

    NAME = "gain_map"
    KEYS = MAP_KEYS
    DEFAULT_CSS = """
    GainMapScreen { layout: vertical; }
    GainMapScreen > #gain-map { height: 1fr; width: 100%; }
    GainMapScreen > #cell-detail { height: 2; width: 100%; }
    """

    def __init__(self, shared: Shared, place: MapPlace) -> None:
        super().__init__(shared)
        self.place = place
        self.map_operations = MapOperations(shared.controller, shared.view, place, shared.operations)
        self._come_from_elsewhere()
        self._content = self._map_content()
        self.map = GainMap(shared.surface, shared.glyphs, self._content)
        self.detail = CellDetail(shared.surface, shared.glyphs, self._cell_facts())

    def compose(self) -> ComposeResult:
        """From top to bottom."""
        yield self.top_bar
        yield self.map
        yield self.detail
        yield self.info_line
        yield self.key_hints

    def on_screen_resume(self) -> None:
        """Another scene or a dialog has closed: it may have changed something."""
        self._come_from_elsewhere()
        super().on_screen_resume()

    def show_session(self) -> None:
        """Show the session and the view as they are now."""
        self.follow()
        self.map_operations.follow()
        self._content = self._map_content()
        self.map.show(self._content)
        self._say()
        self.show_transport()
        self.show_numbers()

    def show_numbers(self) -> None:
        """Show what was metered, and what is said of it."""
        frame, strips = self._controller.frame, self._content.strips
        if frame.rows > len(strips):
            self.map.show_cells(
                distance_cells(frame, strips, self._controller.flags)
                if self.place.by_distance
                else level_cells(frame, strips, self._meter)
            )
        self.detail.show(self._cell_facts())
        self.info_line.show_flag(self.operations.flags.shown())

    # From keys and mouse to what is selected

    def act(self, action_id: str) -> None:
        """Move in the map, or do an action on the selected cell."""
        match action_id:
            case "increase" | "decrease":
                self.view.step(-1 if action_id == "increase" else 1)
            case "strip_previous" | "strip_next":
                self.map_operations.move(-1 if action_id == "strip_previous" else 1, self._content.stages)
            case "bank_previous" | "bank_next":
                for _ in range(self.map.page):
                    self.view.step(-1 if action_id == "bank_previous" else 1)
            case "values":
                self.place.by_distance = not self.place.by_distance
            case "clear_meter_holds":
                self.operations.metering.clear_meter(self.place.stage)
            case "leave":
                self._shell.do("leave")
            case "type_value" if self.view.slot is not None:
                self._type_output()
            case _:
                self.map_operations.perform(action_id)

    def on_cell_picked(self, message: CellPicked) -> None:
        """A click."""
        self.view.select(message.strip_id)
        self.map_operations.select(self.place.stage if message.stage is None else message.stage)
        if message.opened:
            self._shell.do("strip")
        self.after()

    def _come_from_elsewhere(self) -> None:
        self.place.take(self.view)
        self.map_operations.follow()

    def _type_output(self) -> None:
        field = self.map_operations.output()
        if field is None:
            self.map_operations.tell_nothing()
            return

        def take(value: float | None) -> None:
            if value is not None:
                self.map_operations.set_output(value)
                self.after()

        where = f"{self._cell_facts().stage} of {self._content.strips[self._content.strip].name}"
        self.app.push_screen(FieldEntry(where, field, self._glyphs.infinity), take)

    # What is shown

    @property
    def _meter(self) -> MeterType:
        """What levels are read with."""
        return meter_types(self._controller.session.meters)[self.view.meter_id]

    def _map_content(self) -> MapContent:
        strips, meter, place = map_strips(self._controller.session), self._meter, self.place
        selected = next(at for at, strip in enumerate(strips) if strip.strip_id in (self.view.selected, MASTER_ID))
        title = "VS TARGET dB" if place.by_distance else f"{meter.label} {meter.unit}"
        return MapContent(strips, used_stages(strips, place.stage), selected, place.stage, title, place.by_distance)

    def _cell_facts(self) -> CellFacts:
        content, meter = self._content, self._meter
        strip = content.strips[content.strip]
        stage = strip.stages[content.stage]
        title = strip.name if strip.kind == "master" else f"{strip.number} {strip.name}"
        if stage is None:
            name = f"slot {self.view.slot}" if self.view.slot else CONTROL_LABELS[self.view.control].lower()
            return CellFacts(title, name, meter.label, meter.unit)
        before = None if stage.before is None else strip.stages[stage.before]
        level = f"{level_text(stage.wanted_dbfs, 5, self._glyphs.infinity)} dBFS".replace(".0 ", " ")
        wanted = f"{level}, {stage.wanted_by}" if stage.wanted_by else level
        frame, readings = self._controller.frame, CellReadings()
        if frame.rows > len(content.strips):
            readings = cell_readings(frame, meter, content.strip, content.stage, stage)
        verdict = None if stage.point is None else self._controller.flags.get(stage.point)
        return CellFacts(
            title, stage.name, meter.label, meter.unit, before.name if before else "", wanted, readings,
            mark_at(stage, self._controller.flags), verdict.words if verdict and verdict.state != "ok" else "",
        )  # fmt: skip

    def _say(self) -> None:
        """Tell what is selected, and what moves it."""
        output = self.map_operations.output()
        shown = self.shown_key
        if self.view.slot is not None and output is None:
            self.info_line.say(f"{self.view.slot} empty", "", "", ((shown("insert_replace"), "processor"),))
            return
        if output is not None:
            value = field_text(output.spec, output.value, self._glyphs.infinity)
            head = self._cell_facts().stage
            hints = value_hints(output, False, lambda action_id: "" if action_id == "enter" else shown(action_id))
            self.info_line.say(head, output.spec.label, value, hints)
            return
        content = desk_content(self._controller.session, self.view, self._controller.missing)
        self.say_control(selected_facts(content), self._moves)

    def _moves(self, action_id: str) -> str:
        """The key of an action here: arrows move in the map."""
        return self.shown_key({"increase": "more", "decrease": "less"}.get(action_id, action_id))
