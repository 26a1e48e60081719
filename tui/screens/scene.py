"""What all scenes share: a way of looking at the whole mix, with transport, a line that speaks and keys around it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, Self

from textual import events
from textual.screen import Screen

from engine.meters.frame import MeterFrame
from sessions.flags import Point, Verdict
from sessions.model import MASTER_ID
from tui.content import transport_facts
from tui.controls import control_hints
from tui.drawing.facts import CONTROL_LABELS, StripFacts, send_place
from tui.drawing.glyphs import GlyphSet
from tui.holds import Holds
from tui.keymap import Keymap, unknown_key
from tui.notices import NoticeLog, Severity
from tui.operations import Operations
from tui.scene_keys import SceneKeys
from tui.screens.sizes import LatestSizeOnly
from tui.shell import Shell
from tui.surface import Surface
from tui.values import control_words
from tui.view import View
from tui.widgets import messages
from tui.widgets.info_line import InfoLine
from tui.widgets.key_hints import KeyHints
from tui.widgets.surface_widget import SurfaceWidget
from tui.widgets.top_bar import TopBar

if TYPE_CHECKING:
    from sessions.controller import Controller


@dataclass(frozen=True, slots=True)
class Shared:
    """What all scenes act on and draw with: what is selected in one of them is so in the others."""

    controller: Controller
    surface: Surface
    glyphs: GlyphSet
    keymap: Keymap
    shell: Shell
    view: View
    operations: Operations
    notices: NoticeLog = field(default_factory=NoticeLog)
    holds: Holds = field(default_factory=Holds)

    @classmethod
    def of(cls, controller: Controller, surface: Surface, glyphs: GlyphSet, keymap: Keymap, shell: Shell) -> Self:
        """With a view of the session whose first strip is selected."""
        session = controller.session
        order = tuple(strip.id for strip in session.strips)
        view = View(order, order[0] if order else MASTER_ID, stems=len(session.stems))
        return cls(controller, surface, glyphs, keymap, shell, view, Operations(controller, view, shell))


class Scene(LatestSizeOnly, Screen[None], inherit_bindings=False):
    """A screen whose widgets draw on the one surface. `NAME` is the action that shows it, `KEYS` are those it adds."""

    NAME: ClassVar[str]
    KEYS: ClassVar[SceneKeys] = SceneKeys()
    DEFAULT_CSS = """
    Scene { overflow: hidden; }
    Scene > #top-bar, Scene > #info-line, Scene > #key-hints { height: 1; width: 100%; }
    """
    # No container lies between a scene and its widgets: the painter would take it for something that covers them.

    def __init__(self, shared: Shared) -> None:
        super().__init__()
        self.shared, self.view, self.operations = shared, shared.view, shared.operations
        self._controller, self._surface, self._glyphs = shared.controller, shared.surface, shared.glyphs
        self._keymap, self._shell = shared.keymap, shared.shell
        self._frame: MeterFrame | None = None
        self._judged: Mapping[Point, Verdict] = {}
        self._raised = 0
        self.top_bar = TopBar(self._surface, self._glyphs, transport_facts(self._controller, None, self._raised))
        self.info_line = InfoLine(self._surface, self._glyphs, shared.notices, self.shown_key("notices"))
        self.key_hints = KeyHints(self._surface, self.KEYS.hints(self.shown_key))

    def on_mount(self) -> None:
        """Show it all."""
        self.show_session()

    def on_screen_resume(self) -> None:
        """What lay over it has gone; it may have changed something."""
        self.show_session()

    # From the session and the frames to the widgets

    def show_session(self) -> None:
        """Show the session and the view as they are now; what stays the same is not drawn."""
        raise NotImplementedError

    def follow(self) -> None:
        """Let the view follow the session."""
        session, before = self._controller.session, self.view.order
        self.view.follow([strip.id for strip in session.strips], len(session.stems))
        if before != self.view.order:  # the rows are other strips now
            self.shared.holds.update(self._controller.frame, session.meters.hold_s)

    def show_transport(self, *, anew: bool = True) -> None:
        """Show transport, engine and device as of the last frame, and tell what is hot or cold where the keys act.

        The latter is looked at `anew`, or if it has been judged since.
        """
        verdicts = self._controller.flags
        if anew or verdicts is not self._judged:
            self._judged, self._raised = verdicts, sum(verdict.is_raised for verdict in verdicts.values())
            self.info_line.show_flag(self.operations.flags.shown())
        self.show_position()
        self.top_bar.show(transport_facts(self._controller, self._frame, self._raised))

    def show_position(self) -> None:
        """Show where the song is as of the last frame."""
        self.top_bar.show_position(self._frame.position_s if self._frame is not None else 0.0)

    def say_control(self, facts: StripFacts, shown: Callable[[str], str]) -> None:
        """Tell what the active control of a strip is, and what moves it; `shown` gives the key of an action."""
        control, glyphs = self.view.control, self._glyphs
        place = send_place(control)
        goes_nowhere = place is not None and facts.send(place) is None and facts.kind != "master"
        words = control_words(facts, control, glyphs.arrow, glyphs.infinity)
        self.info_line.say(CONTROL_LABELS[control], *words, control_hints(control, shown, goes_nowhere))

    def take_frame(self, frame: MeterFrame) -> None:
        """Take in a frame: what moves."""
        self._frame = frame

    def show_numbers(self) -> None:
        """Show what people read, as of the last frame; a few times a second."""

    def end_drag(self) -> None:
        """Let go of what is in the hand: a release may not be heard of."""

    def restyle(self) -> None:
        """The palette has changed: some glyphs go with it."""
        for widget in self.children:
            if isinstance(widget, SurfaceWidget):
                widget.changed()

    def notify_line(self, severity: Severity, text: str) -> None:
        """Tell something in one line; what went wrong is kept to be read again."""
        if severity != "info":
            self.shared.notices.add(severity, text)
        self.info_line.tell(severity, text)

    def take_notice(self, severity: Severity, text: str) -> None:
        """Tell something that came from the engine or the files; it is kept, whatever it is."""
        if severity == "info":
            self.shared.notices.add(severity, text)
        self.notify_line(severity, text)

    # From keys and mouse to operations

    def take_key(self, event: events.Key) -> None:
        """A key does its action, at once."""
        action_id = self.KEYS.action(self._keymap, event.key, event.character)
        if action_id is not None:
            self.perform(action_id)
        elif event.is_printable and event.character:
            self.notify_line("info", unknown_key(self._keymap, event.character))

    def perform(self, action_id: str) -> None:
        """Do an action and show what came of it."""
        self.info_line.dismiss()
        self.act(action_id)
        self.after()

    def act(self, action_id: str) -> None:
        """Do an action: the scene's own, or one that all have."""
        self.operations.perform(action_id)

    def after(self) -> None:
        """Something was done: show what came of it."""
        self.show_session()
        self._shell.do("flush")

    def on_action_wanted(self, message: messages.ActionWanted) -> None:
        """A click on what stands for an action."""
        self.perform(message.action_id)

    def shown_key(self, action_id: str) -> str:
        """The first key of an action of this scene or of all, as people read it; "" if it has none."""
        return self.KEYS.shown(self._keymap, action_id, self._glyphs.name == "ascii")
