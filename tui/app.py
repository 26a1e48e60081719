"""The application: a controller on one side, a terminal on the other."""

from __future__ import annotations

import asyncio
import locale
import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Final

from rich.console import RenderableType
from textual import events
from textual.app import App, ComposeResult
from textual.screen import Screen

from tui.beats import Beats
from tui.dialogs import Dialogs
from tui.drawing import glyphs
from tui.drawing.palette import CLASSIC, MONO, PALETTES, Palette
from tui.driver import MixerDriver
from tui.keymap import Keymap
from tui.looks import color_system, depth_of, theme_of
from tui.loudness_facts import LoudnessPlace
from tui.map_operations import MapPlace
from tui.notices import Severity
from tui.remembered import RememberedPalette
from tui.scenes import Scenes
from tui.screens.dialog import Dialog
from tui.screens.gain_map import GainMapScreen
from tui.screens.loudness import LoudnessScreen
from tui.screens.mixer import MixerScreen
from tui.screens.scene import Scene, Shared
from tui.screens.strip import StripScreen
from tui.signals import SIGNAL_EXIT
from tui.strip_operations import StripPlace
from tui.styles import Styles
from tui.surface import Surface
from tui.terminal_frames import TerminalFrames

if TYPE_CHECKING:
    from sessions.controller import Controller
    from sessions.recovery import Recovery

DEFAULT_FPS: Final = 20.0
_NUMBERS_S: Final = 0.2
_TICK_S: Final = 0.1
_BEAT_SLACK_S: Final = 0.01
"""Beats come a little early or late: what is due within this is done now."""
_FIRST_PAINT_S: Final = 0.06
_HANG_UP_EXIT: Final = SIGNAL_EXIT + 1


@dataclass(frozen=True, slots=True)
class AppSettings:
    """How the mixer is shown.

    `keys_file` is where the user's keys come from, for the help; `remembered` is where the chosen palette is kept.
    """

    fps: float = DEFAULT_FPS
    ascii_only: bool = False
    palette: Palette = CLASSIC
    keymap: Keymap = field(default_factory=Keymap)
    keys_file: str = "keys.toml"
    remembered: RememberedPalette | None = None


class MixerApp(App[int], inherit_bindings=False):
    """Runs the mixer; `run` returns the exit code: 0, or 128 + n after a signal."""

    TITLE = "gainstage"
    ALLOW_SELECT = False
    ENABLE_COMMAND_PALETTE = False
    CSS = "MixerApp.-ascii Dialog > #box { border: ascii $accent; }"

    def __init__(
        self, controller: Controller, settings: AppSettings | None = None, *, recovery: Recovery | None = None
    ) -> None:
        self._settings = settings or AppSettings()
        self._depth = depth_of(os.environ)
        own_driver = None if "TEXTUAL_DRIVER" in os.environ else MixerDriver
        super().__init__(driver_class=own_driver, ansi_color=self._depth in ("basic", "none"))
        self.terminal: MixerDriver | None = None
        self.discard_on_close = False
        """Whether the user has given up the changes that are not saved."""
        self._controller = controller
        self._recovery = recovery
        self._loop_running: asyncio.AbstractEventLoop | None = None
        self._leaving: int | None = None
        self._beats: Beats | None = None
        self._tick_due_s = self._numbers_due_s = 0.0
        self._glyphs = glyphs.choose(os.environ, locale.getpreferredencoding(False), self._settings.ascii_only)
        self.set_class(self._glyphs.name == "ascii", "-ascii")
        self._styles = Styles()
        self._surface = Surface(self._styles)
        self._frames = TerminalFrames(self, self._surface, self._settings.fps)
        self._palette = MONO if self._depth == "none" else self._settings.palette
        self._use_palette(self._palette)
        shared = Shared.of(controller, self._surface, self._glyphs, self._settings.keymap, self)
        self.mixer = MixerScreen(shared)
        makers: dict[str, Callable[[], Scene]] = {
            "gain_map": partial(GainMapScreen, shared, MapPlace()),
            "strip": partial(StripScreen, shared, StripPlace()),
            "loudness": partial(LoudnessScreen, shared, LoudnessPlace()),
        }
        self._scenes = Scenes(self, self._surface, self.mixer, makers)
        self.dialogs = Dialogs(
            self, controller, self.mixer, self._settings.keymap, self._settings.keys_file, self._glyphs
        )

    def get_default_screen(self) -> Screen[None]:
        """The mixer is what there is from the start."""
        return self.mixer

    def compose(self) -> ComposeResult:
        """Nothing of its own; while the first layouts follow each other nothing is painted, then all at once."""
        first_layouts = self.batch_update()
        first_layouts.__enter__()

        def paint() -> None:
            first_layouts.__exit__(None, None, None)
            self.mixer.check_idle()

        self.set_timer(_FIRST_PAINT_S, paint)
        return ()

    def on_mount(self) -> None:
        """Start the clocks."""
        self._loop_running = asyncio.get_running_loop()
        self._beats = Beats(self, self._settings.fps, self._beat)
        if self._leaving is not None:
            self.exit(self._leaving)
        elif self._recovery is not None:
            self.dialogs.offer_recovery(self._recovery)

    async def on_event(self, event: events.Event) -> None:
        """A key acts before the next one is looked at: one that opens or closes a dialog has done so by then.

        Over a slow line keys arrive in bursts, and what follows belongs to the dialog, or to the mixer again.
        """
        if isinstance(event, events.Key) and not event.is_forwarded and self.screen_stack:
            if self.return_value is not None:
                return  # on its way out
            screen = self.screen
            if isinstance(screen, Scene | Dialog):
                if not self.app_focus:  # who types is there, whether or not the terminal has said so
                    self.app_focus = True
                    self.on_app_focus()
                screen.take_key(event)
                return
        await super().on_event(event)

    # The clocks

    def _beat(self) -> bool:
        """Meters on each beat; what people read, and what the controller has to say, less often.

        Whether anything moves.
        """
        now = time.monotonic()
        frame, scene = self._controller.read(), self.scene
        self.mixer.take_frame(frame)  # its meters go on, whatever is seen
        if scene is not self.mixer:
            scene.take_frame(frame)
        if now >= self._tick_due_s:
            self._tick_due_s = now + _TICK_S - _BEAT_SLACK_S
            self._tick()
        if now >= self._numbers_due_s:
            self._numbers_due_s = now + _NUMBERS_S - _BEAT_SLACK_S
            scene.show_transport(anew=False)
            scene.show_numbers()
        return self._frames.send(self.terminal) or frame.playing

    def _tick(self) -> None:
        controller = self._controller
        controller.tick()
        scene = self.scene
        for notice in controller.notices():
            scene.take_notice(notice.severity, notice.text)
        scene.info_line.expire()
        scene.show_position()

    def on_app_blur(self) -> None:
        """Nobody looks: fewer frames. A button that is released elsewhere is not heard of."""
        self.mixer.end_drag()
        self.scene.end_drag()
        if self._beats is not None:
            self._beats.look(False)

    def on_app_focus(self) -> None:
        """Somebody looks again."""
        if self._beats is not None:
            self._beats.look(True)

    def _display(self, screen: Screen[object], renderable: RenderableType | None) -> None:
        """A stock repaint."""
        self._frames.displaying(renderable)
        super()._display(screen, renderable)

    # The screens

    @property
    def scene(self) -> Scene:
        """What is seen, whatever dialogs lie over it."""
        return self._scenes.seen

    def perform(self, action_id: str) -> None:
        """Do an action where it is seen."""
        self.scene.perform(action_id)

    # What the actions need

    @property
    def visible_strips(self) -> int:
        """How many strips a bank has."""
        return self.mixer.desk.visible_strips

    def notify_line(self, severity: Severity, text: str) -> None:
        """Tell something in one line."""
        self.scene.notify_line(severity, text)

    def do(self, action_id: str) -> None:
        """Do what concerns the program as a whole."""
        match action_id:
            case "flush":
                self._frames.send(self.terminal, hurry=True)
                if self._beats is not None:
                    self._beats.wake()
            case "help":
                self.dialogs.show_help(self.scene.KEYS)
            case "notices":
                self.scene.info_line.dismiss(all_of_it=True)
                self.dialogs.show_notices()
            case "palette":
                self.dialogs.show_palette(self.perform)
            case "colours":
                self._next_palette()
            case "mixer" | "gain_map" | "strip" | "loudness":
                self._scenes.open(action_id)
            case "leave":
                self._scenes.leave()
            case "redraw":
                self.terminal_blank()
            case "suspend":
                self.call_later(self._suspend)
            case "quit":
                self.dialogs.quit(self._quit)

    def _next_palette(self) -> None:
        names = tuple(PALETTES)
        self._palette = PALETTES[names[(names.index(self._palette.name) + 1) % len(names)]]
        self._use_palette(self._palette)
        self.scene.restyle()
        self.screen.refresh()
        without = " (this terminal shows no colours)" if self._depth == "none" else ""
        self.notify_line("info", f"colours: {self._palette.name}{without}")
        if self._settings.remembered is not None and self._depth != "none":
            try:
                self._settings.remembered.keep(self._palette)
            except OSError as error:
                self.notify_line("warning", f"colours: not kept for the next start: {error.strerror}")

    def _use_palette(self, palette: Palette) -> None:
        theme = theme_of(palette, self._depth)
        self.register_theme(theme)
        self.theme = theme.name
        self._styles.use(palette, self._depth, self.get_line_filters(), color_system(self.console))
        self._surface.restyle()

    # The terminal and the end

    def terminal_taken(self) -> None:
        """The terminal is in the program's hands."""
        if self.terminal is not None:
            self._frames.ask(self.terminal)

    def terminal_hung_up(self) -> None:
        """The terminal is gone: leave, keeping what is not saved."""
        self.leave(_HANG_UP_EXIT)

    def terminal_answered(self, row: int, column: int) -> None:
        """The terminal has taken a frame. Called by the thread that reads from it."""
        self._frames.pacer.answered(row, column, time.monotonic())

    def terminal_blank(self) -> None:
        """The terminal shows something else than it was sent: paint everything anew."""
        self.screen.refresh()

    def request_leave(self, exit_code: int) -> None:
        """Leave as soon as possible; may be called within a signal."""
        self._leaving = exit_code
        if self._loop_running is not None and not self._loop_running.is_closed():
            self._loop_running.call_soon_threadsafe(self.leave, exit_code)

    def leave(self, exit_code: int) -> None:
        """End without asking; what is not saved is kept for the next start."""
        if self._leaving is None or self._running:
            self._leaving = exit_code
            self.exit(exit_code)

    def _quit(self, answer: str | None) -> None:
        if answer == "save":
            self.mixer.operations.perform("save")
            if self._controller.dirty:
                return
        elif answer == "discard":
            self.discard_on_close = True
        elif answer != "quit":
            return
        self.exit(0)

    def _suspend(self) -> None:
        if self.terminal is not None:
            self.terminal.suspend_process()
