"""The strip view: one strip from its input to where it goes, and an editor of the element that is selected."""

from __future__ import annotations

from typing import Final

from textual.app import ComposeResult

from engine.meters.frame import MeterFrame
from tui.content import source_text
from tui.drawing.meter_types import meter_types
from tui.drawing.scale import MeterType
from tui.editor_facts import editor_facts
from tui.elements import SLOTS
from tui.field_values import field_text
from tui.overs import overs_of
from tui.path_facts import PathFacts, path_facts
from tui.screens.field_entry import FieldEntry
from tui.screens.scene import Scene, Shared
from tui.strip_hints import value_hints
from tui.strip_keys import STRIP_KEYS
from tui.strip_levels import (
    StageNumbers,
    measured_db,
    moving_of,
    net_gains,
    number_types,
    readings,
    stage_levels,
    stage_numbers,
)
from tui.strip_operations import StripOperations, StripPlace
from tui.widgets import strip_messages
from tui.widgets.chain import Chain
from tui.widgets.editor import Editor, EditorFacts
from tui.widgets.strip_title import StripTitle

_TINY: Final = 60
"""Below these columns either the path or the editor is seen."""


class StripScreen(Scene, inherit_bindings=False):
    """Shows the selected strip's path; what is not of the path is done as in the mixer."""

    NAME = "strip"
    KEYS = STRIP_KEYS
    HORIZONTAL_BREAKPOINTS = [(0, "-tiny"), (_TINY, "-narrow"), (110, "-wide"), (170, "-broad")]
    DEFAULT_CSS = """
    StripScreen { layout: grid; grid-size: 2; grid-columns: 40 1fr; grid-rows: 1 1 1fr 1 1; }
    StripScreen.-wide { grid-columns: 50 1fr; }
    StripScreen.-broad { grid-columns: 62 1fr; }
    StripScreen.-tiny { grid-columns: 1fr 0; }
    StripScreen > #top-bar, StripScreen > #info-line, StripScreen > #key-hints { column-span: 2; }
    StripScreen > #strip-title { column-span: 2; height: 1; width: 100%; }
    StripScreen > #chain, StripScreen > #editor { height: 100%; width: 100%; }
    StripScreen.-tiny > #chain, StripScreen.-tiny > #editor { column-span: 2; }
    StripScreen.-tiny > #editor { display: none; }
    StripScreen.-tiny.-entered > #chain { display: none; }
    StripScreen.-tiny.-entered > #editor { display: block; }
    """

    def __init__(self, shared: Shared, place: StripPlace) -> None:
        super().__init__(shared)
        self.place = place
        self.path = StripOperations(shared.controller, shared.view, place, shared.operations)
        self._holds = shared.holds
        self._numbers: StageNumbers = {}
        self._session = shared.controller.session
        place.entered = False
        self._come_from_elsewhere()
        surface, glyphs = shared.surface, shared.glyphs
        facts = self._facts = self._path_facts()
        self._edited = facts.strip_id, place.element
        self.title_line = StripTitle(surface, glyphs, facts)
        self.chain = Chain(surface, glyphs, facts, place.element)
        self.editor = Editor(surface, glyphs, self._editor_facts())

    def compose(self) -> ComposeResult:
        """From top to bottom."""
        yield self.top_bar
        yield self.title_line
        yield self.chain
        yield self.editor
        yield self.info_line
        yield self.key_hints

    def on_screen_resume(self) -> None:
        """Another scene or a dialog has closed: it may have changed something."""
        self._come_from_elsewhere()
        super().on_screen_resume()

    def _come_from_elsewhere(self) -> None:
        self.place.take(self.view)
        self.path.follow()

    # From the session and the frames to the widgets

    def show_session(self) -> None:
        """Show the session and the view as they are now; what stays the same is not drawn."""
        self._session = self._controller.session
        self.follow()
        self.path.follow()
        facts = self._path_facts()
        other = facts.strip_id != self._facts.strip_id
        if (facts.strip_id, self.place.element) != self._edited:
            self._edited = facts.strip_id, self.place.element
            self.editor.end_drag()  # what is in the hand is not seen any more
        self._facts = facts
        self._fit_tiny()
        self.title_line.show(facts)
        self.chain.show(facts, self.place.element, self.place.entered, self._meter, self._number_types)
        self.editor.show(self._editor_facts())
        self._say()
        self.show_transport()
        if other:
            self.show_numbers()
        elif self._frame is not None:
            self._show_moving(self._frame)

    def take_frame(self, frame: MeterFrame) -> None:
        """Take in a frame: bars and points. What the session has become meanwhile is shown too."""
        if self._controller.session is not self._session:
            self.show_session()
        super().take_frame(frame)
        self._show_moving(frame)

    def show_numbers(self) -> None:
        """Show levels and readings as numbers."""
        frame, facts = self._frame, self._facts
        if frame is not None and facts.row < frame.rows:
            self._numbers = stage_numbers(frame, facts.row, self._holds, self._number_types)
            self.chain.show_readings(readings(frame, facts), net_gains(frame, facts))
            self.title_line.show_measured(measured_db(frame, facts.row), overs_of(frame, facts.row))
            self._show_moving(frame)

    def end_drag(self) -> None:
        """Let go of what is in the hand."""
        self.editor.end_drag()

    def _show_moving(self, frame: MeterFrame) -> None:
        facts = self._facts
        if facts.row >= frame.rows or facts.row >= self._holds.rows:
            return
        self.chain.show_levels(stage_levels(facts, self._holds, self._meter, self._numbers))
        self.editor.show_moving(moving_of(frame, facts, self.place.element, self._holds, self._meter))

    # From keys and mouse to edits

    def act(self, action_id: str) -> None:
        """Do an action on the selected element."""
        match action_id:
            case "enter":
                self._enter()
            case "leave":
                self._leave()
            case "clear_meter_holds":
                self.operations.metering.clear_meter(self._facts.stages[self.place.element][1])
            case "type_value":
                self._type()
            case _:
                self.path.perform(action_id)

    def on_element_picked(self, message: strip_messages.ElementPicked) -> None:
        """A click in the path."""
        self.path.select(message.element)
        if message.opened:
            self._enter()
        self.after()

    def on_element_stepped(self, message: strip_messages.ElementStepped) -> None:
        """The wheel in the path; what it moves is selected, so that what happens is seen."""
        self.path.select(message.element)
        self.path.step_element(message.element, message.direction, "fine" if message.fine else "normal")
        self.after()

    def on_field_picked(self, message: strip_messages.FieldPicked) -> None:
        """A press in the editor."""
        self.path.choose(message.field_id)
        field = self.path.field(message.field_id)
        if message.pressed and field is not None:
            self.path.press(field)
        self.after()

    def on_field_moved(self, message: strip_messages.FieldMoved) -> None:
        """A drag."""
        field = self.path.field(message.field_id)
        if field is not None:
            self.path.set(field, message.value)
        self.after()

    def on_field_stepped(self, message: strip_messages.FieldStepped) -> None:
        """The wheel in the editor."""
        self.path.choose(message.field_id)
        self.path.step_chosen(message.direction, "fine" if message.fine else "normal")
        self.after()

    def on_field_reset(self, message: strip_messages.FieldReset) -> None:
        """Two presses."""
        field = self.path.field(message.field_id)
        if field is not None:
            self.path.reset(field)
        self.after()

    def _enter(self) -> None:
        field = self.path.field()
        if self.path.is_empty() and not self.place.entered:
            self.path.fill()
        elif not self.place.entered or field is None:
            self.path.enter()
        elif field.spec.taper in ("switch", "choice"):
            self.path.press(field)
        else:
            self._type()

    def _leave(self) -> None:
        self.editor.end_drag()
        if self.place.entered:
            self.place.entered = False
        else:
            self._shell.do("leave")

    def _type(self) -> None:
        field = self.path.field()
        if field is None:
            self.path.tell_nothing()
            return

        def take(value: float | None) -> None:
            if value is not None:
                self.path.set(field, value)
                self.after()

        self.app.push_screen(FieldEntry(self._where(), field, self._glyphs.infinity), take)

    # What is shown

    def _path_facts(self) -> PathFacts:
        session, strip_id = self._controller.session, self.view.selected
        missing = strip_id in self._controller.missing
        moving = len(self.view.moving(strip_id))
        return path_facts(session, strip_id, source_text(session, strip_id), missing, moving)

    def _editor_facts(self) -> EditorFacts:
        path, place = self.path, self.place
        session = self._controller.session
        return editor_facts(
            session, self._facts, place.element, path.fields(), path.chosen(), place.entered, self._meter
        )

    @property
    def _meter(self) -> MeterType:
        return meter_types(self._controller.session.meters)[self.view.selected_meter_id]

    @property
    def _number_types(self) -> tuple[MeterType, MeterType]:
        return number_types(meter_types(self._controller.session.meters), self._meter)

    def _where(self) -> str:
        """The selected strip and element in a few words."""
        facts = self._facts.element(self.place.element)
        name = self._facts.name or "Master"
        if self.place.element in SLOTS:
            return f"{facts.name} of {name}"
        return f"send {facts.tag} of {name}" if facts.tag else name

    def _say(self) -> None:
        """Tell what is selected, and what moves it."""
        field = self.path.field()
        facts = self._facts.element(self.place.element)
        head = f"{facts.tag} {facts.name or 'empty'}".strip()
        if field is None:
            does = ((self.shown_key("enter"), "processor"),) if self.path.is_empty() else ()
            self.info_line.say(head, "", "", does)
            return
        label = field.spec.label
        what = label if label.lower() != facts.name.lower() else ""
        value = field_text(field.spec, field.value, self._glyphs.infinity)
        self.info_line.say(head, what, value, value_hints(field, self.place.entered, self.shown_key))

    def _fit_tiny(self) -> None:
        """In a very small terminal the editor takes the place of the path while it is in use."""
        if self.has_class("-entered") != self.place.entered:
            self.set_class(self.place.entered, "-entered")
            if self.app.size.width < _TINY:
                self._surface.resize(self._surface.width, self._surface.height)
                self.refresh(layout=True)
