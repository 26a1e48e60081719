"""Which scene is seen: the mixer lies under all others, and each of them comes over those that are open."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from textual.app import App

from tui.screens.scene import Scene
from tui.surface import Surface

if TYPE_CHECKING:
    from tui.screens.mixer import MixerScreen


class Scenes:
    """Opens and leaves scenes; `makers` make those over the mixer, by the actions that show them."""

    def __init__(
        self, app: App[Any], surface: Surface, mixer: MixerScreen, makers: Mapping[str, Callable[[], Scene]]
    ) -> None:
        self._app = app
        self._surface = surface
        self._mixer = mixer
        self._makers = makers

    @property
    def seen(self) -> Scene:
        """The scene that is seen, whatever dialogs lie over it."""
        for screen in reversed(self._app._screen_stack):
            if isinstance(screen, Scene):
                return screen
        return self._mixer

    def open(self, name: str) -> None:
        """Show a scene: one that is open is gone back to, the one that is seen is left."""
        if name == self.seen.NAME:
            self.leave()
            return
        self._close_dialogs()
        self._change()
        if any(isinstance(screen, Scene) and name == screen.NAME for screen in self._app._screen_stack):
            while name != self.seen.NAME:
                self._app.pop_screen()
            self.seen.show_session()
        else:
            self._app.push_screen(self._makers[name]())

    def leave(self) -> None:
        """Back to the scene below; of the mixer only the dialogs are closed."""
        self._close_dialogs()
        if self.seen is not self._mixer:
            self._change()
            self._app.pop_screen()
            self.seen.show_session()

    def _close_dialogs(self) -> None:
        while not isinstance(self._app.screen, Scene):
            self._app.pop_screen()

    def _change(self) -> None:
        """Another screen takes the cells: whatever is drawn from here on is drawn by its widgets, after a repaint."""
        self._surface.resize(self._surface.width, self._surface.height)
